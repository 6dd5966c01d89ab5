import { asDay, type Day, isTimeOfDay, parseDay } from '../kernel/banking-day.ts'
import { isRoutingNumber } from '../kernel/routing-number.ts'
import { between, listOf, matching, mayLack, must, object, oneOf, or, type Shape, yesOrNo } from './members.ts'

/** The same day's settlement, or the next banking day's. */
export type Speed = 'same_day' | 'standard'

/** Until when, on a banking day, what goes out at this speed is collected into a file. New York time, `HH:MM`. */
export type CutOff = Readonly<{
  at: string
  speed: Speed
  /** Goes into the batch's descriptive date (`SD1030`): many banks take same-day entries only with the mark agreed. */
  mark?: string | undefined
}>

/** What holds from a day on, until a newer one begins. */
export type BankWindows = Readonly<{
  from: Day
  /** In the order of the day. */
  cutOffs: readonly CutOff[]
  /** The most that one same-day entry may carry, in cents. A larger one settles on the next banking day. */
  sameDayLimit: bigint
}>

/** Balanced files debit or credit this account of ours, so that each batch comes to nothing. */
export type OffsetAccount = Readonly<{
  routingNumber: string
  accountNumber: string
  type: 'checking' | 'savings'
  /** Whose it is in the file; `originName` if left out. */
  name?: string | undefined
}>

/** A bank that sends our ACH entries (the ODFI), as its agreement and its set-up sheet describe it. */
export type OriginatingBank = Readonly<{
  id: string
  name: string
  /** Routing number, nine digits. */
  odfi: string
  immediateDestination: string
  immediateOrigin: string
  destinationName: string
  originName: string
  /** Ten characters, given by the bank. */
  companyId: string
  balanced: boolean
  offsetAccount?: OffsetAccount | undefined
  /** Whether a file leaves only after a second person released it. */
  requireTwoPersons: boolean
  maxEntriesPerFile: number
  /** In cents. */
  maxDebitsPerFile: bigint
  /** In cents. */
  maxCreditsPerFile: bigint
  /** How long a sent file may stay unconfirmed before a person is told. It is never sent again by itself. */
  acknowledgeWithinMs: number
  /** Times in New York, on banking days, at which the bank's drop is read; in the order of the day. */
  collectAt: readonly string[]
  /** Oldest first, at least one. */
  windows: readonly BankWindows[]
  /** Where files are put and found. rails/drops reads it. */
  drop: unknown
}>

/** What holds on a day: the newest windows that began by then. Before the oldest begin, they hold already. */
export function windowsOn(bank: Pick<OriginatingBank, 'windows'>, day: Day): BankWindows {
  const found = bank.windows.findLast(({ from }) => from <= day) ?? bank.windows[0]
  if (!found) throw new Error('a bank has windows')
  return found
}

const dollars = (digits: number) =>
  must(
    `an amount in dollars above 0 in quotes, such as "1000000.00", with ${digits} digits before the point`,
    (value) => {
      if (typeof value !== 'string' || !/^\d+(\.\d\d)?$/.test(value)) return undefined
      const [whole = '', cents = '00'] = value.split('.')
      const minor = BigInt(whole + cents)
      return minor > 0n && whole.length <= digits ? minor : undefined
    },
  )
const routing = must('nine digits with the right check digit', (value) =>
  typeof value === 'string' && isRoutingNumber(value) ? value : undefined,
)
const timeOfDay = must('a time of day in New York, such as 14:15', (value) =>
  typeof value === 'string' && isTimeOfDay(value) ? value : undefined,
)
const someDay = must('a day, such as 2026-01-05', (value) => (typeof value === 'string' ? parseDay(value) : undefined))

/** What banks commonly agree to: half an hour before FedACH closes the window in the mark. */
const usualCutOffs: readonly CutOff[] = [
  { at: '10:00', speed: 'same_day', mark: 'SD1030' },
  { at: '14:15', speed: 'same_day', mark: 'SD1445' },
  { at: '16:15', speed: 'same_day', mark: 'SD1645' },
  { at: '20:00', speed: 'standard' },
]
/** Nacha's limit since 2022-03-18. A higher one was out for comment in late 2025: when it comes, add dated windows. */
const usualWindows: BankWindows = { from: asDay('2022-03-18'), cutOffs: usualCutOffs, sameDayLimit: 100_000_000n }

const headerText = (length: number) =>
  matching(
    new RegExp(`^[A-Z0-9][A-Z0-9 ./()&'#*,:-]{0,${length - 1}}$`),
    `1 to ${length} capital letters, digits and plain signs`,
  )

const cutOff = object<CutOff>({
  at: timeOfDay,
  speed: oneOf('same_day', 'standard'),
  mark: mayLack(matching(/^SD([01]\d|2[0-3])[0-5]\d$/, 'SD and four digits of a time, such as SD1030')),
})

const settings: Shape<OriginatingBank> = {
  id: matching(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens'),
  name: matching(/^\S(.{0,98}\S)?$/, 'a name of at most 100 characters'),
  odfi: routing,
  immediateDestination: or(routing, ''),
  immediateOrigin: matching(
    /^([0-9A-Z]{10}|\d{9})$/,
    'nine digits, or ten digits and capital letters, given by the bank',
  ),
  destinationName: headerText(23),
  originName: headerText(23),
  companyId: matching(/^[0-9A-Z]{10}$/, 'ten digits and capital letters, given by the bank'),
  balanced: or(yesOrNo, false),
  offsetAccount: mayLack(
    object<OffsetAccount>({
      routingNumber: routing,
      accountNumber: matching(/^[0-9A-Za-z][0-9A-Za-z-]{0,16}$/, 'an account number of at most 17 characters'),
      type: oneOf('checking', 'savings'),
      name: mayLack(headerText(22)),
    }),
  ),
  requireTwoPersons: or(yesOrNo, true),
  maxEntriesPerFile: or(between(1, 1_000_000), 100_000),
  maxDebitsPerFile: or(dollars(10), 1_000_000_000n),
  maxCreditsPerFile: or(dollars(10), 1_000_000_000n),
  acknowledgeWithinMs: or(between(60_000, 259_200_000), 7_200_000),
  collectAt: or(listOf(timeOfDay, 96), ['08:45', '13:15', '17:15', '18:15']),
  windows: or(
    listOf(
      object<BankWindows>({
        from: someDay,
        cutOffs: or(listOf(cutOff, 48), usualCutOffs),
        sameDayLimit: or(dollars(8), usualWindows.sameDayLimit),
      }),
      50,
    ),
    [usualWindows],
  ),
  drop: must('a JSON object', (value) => (typeof value === 'object' && value !== null ? value : undefined)),
}

/** Reads the list of originating banks. Returns every problem at once, in words an operator can act on. */
export function parseOriginatingBanks(value: unknown): readonly OriginatingBank[] | { problems: string[] } {
  if (!Array.isArray(value)) return { problems: ['the list of originating banks is not a JSON array'] }
  const problems = value.length === 0 ? ['the list of originating banks is empty'] : []
  const banks: OriginatingBank[] = []
  for (const [index, item] of value.entries()) {
    const say = (problem: string) => problems.push(`${nameOf(item, index)}: ${problem}`)
    const bank = object(settings).read(item, say)
    if (!bank) continue
    for (const problem of senseProblems(bank)) say(problem)
    banks.push(inOrder(bank))
  }
  problems.push(...repeated(banks, (bank) => bank.id, 'have the same id'))
  // A bank tells files apart by these two, the date and one letter: two lists of letters would collide.
  const address = (bank: OriginatingBank) => `${bank.immediateOrigin} ${bank.immediateDestination}`
  problems.push(...repeated(banks, address, 'have the same immediateOrigin and immediateDestination'))
  return problems.length > 0 ? { problems } : banks
}

const nameOf = (item: unknown, index: number): string =>
  typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string'
    ? `originating bank '${item.id.slice(0, 64)}'`
    : `originating bank number ${index + 1}`

/** In cents: what ten digits hold. */
const mostOfAnEntry = 9_999_999_999n

function senseProblems(bank: OriginatingBank): string[] {
  const problems: string[] = []
  if (bank.balanced && !bank.offsetAccount) problems.push('offsetAccount is missing; balanced files need it')
  if (!bank.balanced && bank.offsetAccount)
    problems.push('offsetAccount is used in balanced files only; take it out, or say "balanced": true')
  if (bank.balanced && (bank.maxDebitsPerFile > mostOfAnEntry || bank.maxCreditsPerFile > mostOfAnEntry))
    problems.push(
      'maxDebitsPerFile and maxCreditsPerFile are 99999999.99 at most in balanced files: one entry offsets all',
    )
  for (const { from, cutOffs } of bank.windows) {
    if (!cutOffs.some(({ speed }) => speed === 'standard'))
      problems.push(`windows from ${from} have no standard cut-off; what is too large for the same day needs one`)
    if (cutOffs.some(({ speed, mark }) => speed === 'standard' && mark !== undefined))
      problems.push(`windows from ${from} mark a standard cut-off; a mark asks for the same day`)
    if (new Set(cutOffs.map(({ at }) => at)).size < cutOffs.length)
      problems.push(`windows from ${from} have two cut-offs at the same time`)
  }
  if (new Set(bank.windows.map(({ from }) => from)).size < bank.windows.length)
    problems.push('windows begin twice on the same day')
  return problems
}

const by =
  <T>(key: (item: T) => string) =>
  (a: T, b: T): number =>
    key(a) < key(b) ? -1 : 1

/** As the type promises: cut-offs and times in the order of the day, windows oldest first. */
const inOrder = (bank: OriginatingBank): OriginatingBank => ({
  ...bank,
  immediateDestination: bank.immediateDestination || bank.odfi,
  collectAt: [...new Set(bank.collectAt)].sort(),
  windows: bank.windows
    .map((windows) => ({ ...windows, cutOffs: [...windows.cutOffs].sort(by(({ at }) => at)) }))
    .sort(by(({ from }) => from)),
})

function repeated(
  banks: readonly OriginatingBank[],
  key: (bank: OriginatingBank) => string,
  problem: string,
): string[] {
  return banks.flatMap((bank, index) => {
    const first = banks.findIndex((other) => key(other) === key(bank))
    return first < index ? [`originating banks number ${first + 1} and ${index + 1} ${problem}`] : []
  })
}
