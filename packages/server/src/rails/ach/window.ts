import {
  addBankingDays,
  addDays,
  asDay,
  atEastern,
  type BankingDay,
  type Day,
  easternDay,
  onOrAfter,
} from '../../kernel/banking-day.ts'
import { type CutOff, type OriginatingBank, type Speed, windowsOn } from '../originating-bank.ts'
import { returnCode } from './return-code.ts'

/** A cut-off on one banking day: `at` is the moment at which its file is built. */
export type Window = Readonly<{ at: Date; day: BankingDay; cutOff: CutOff }>

type Cuts = Pick<OriginatingBank, 'windows'>

/** The first cut-off of any speed later than a moment. At the moment of a cut-off, the next one is meant. */
export function nextCutOff(bank: Cuts, after: Date): Window {
  const found = firstAfter(bank, after, () => true)
  if (!found) throw new Error('a bank has a standard cut-off on every banking day')
  return found
}

/**
 * The window in which an order of this moment goes out: the first cut-off of its speed later than that, today or on a
 * banking day to come. Undefined: the bank takes nothing at this speed.
 */
export const windowFor = (bank: Cuts, instant: Date, speed: Speed): Window | undefined =>
  firstAfter(bank, instant, (cutOff) => cutOff.speed === speed)

/** Today's cut-offs may have passed, and dated windows may begin without such a cut-off: further than this is never. */
const farthestBankingDays = 10

function firstAfter(bank: Cuts, after: Date, fits: (cutOff: CutOff) => boolean): Window | undefined {
  let day = onOrAfter(easternDay(after))
  for (let left = farthestBankingDays; left > 0; left--) {
    for (const cutOff of windowsOn(bank, day).cutOffs) {
      const at = atEastern(day, cutOff.at)
      if (at > after && fits(cutOff)) return { at, day, cutOff }
    }
    day = addBankingDays(day, 1)
  }
  return undefined
}

/** Until when an operator takes files, when it hands them to the receiving banks, and when they settle: in New York. */
export type OperatorWindow = Readonly<{
  takesUntil: string
  distributes: string
  settles: string
  on: 'same_banking_day' | 'next_banking_day'
}>

/**
 * FedACH's processing day begins at 03:00, so 02:15 is the morning after. Same-day windows: notice of the Federal
 * Reserve Banks of 2020-02-19, in force since 2021-03-19. 22:45: a correspondent bank's notice of August 2022.
 * 02:15 and its 06:00 are common knowledge, without a public source.
 * https://www.frbservices.org/resources/resource-centers/same-day-ach
 */
const fedAch: readonly Readonly<{ from: Day; windows: readonly OperatorWindow[] }>[] = [
  {
    from: asDay('2021-03-19'),
    windows: [
      { takesUntil: '10:30', distributes: '12:00', settles: '13:00', on: 'same_banking_day' },
      { takesUntil: '14:45', distributes: '16:00', settles: '17:00', on: 'same_banking_day' },
      { takesUntil: '16:45', distributes: '17:30', settles: '18:00', on: 'same_banking_day' },
      { takesUntil: '22:45', distributes: '23:30', settles: '08:30', on: 'next_banking_day' },
      { takesUntil: '02:15', distributes: '06:00', settles: '08:30', on: 'next_banking_day' },
    ],
  },
]

/** What holds on a day: of dated rows, oldest first, the newest that began by then; before the oldest, the oldest. */
function inForce<T extends Readonly<{ from: Day }>>(rows: readonly T[], day: Day): T {
  const found = rows.findLast(({ from }) => from <= day) ?? rows[0]
  if (!found) throw new Error('a dated table has a row')
  return found
}

/**
 * How many banking days after the cut-off the effective date of a standard entry lies. A debit's may be one at most;
 * a credit's one or two, and nobody waits longer for a refund than needed.
 */
const standardBankingDays = { debit: 1, credit: 1 } as const

/** The effective entry date to write: for the same day the cut-off's own day, never an earlier one. */
export const effectiveDate = (day: BankingDay, speed: Speed, direction: 'debit' | 'credit'): BankingDay =>
  speed === 'same_day' ? day : addBankingDays(day, standardBankingDays[direction])

/**
 * When an entry with this effective date settles if all goes well. A same-day entry goes into the operator's first
 * window that closes no earlier than the cut-off and, where the bank agreed on a mark, than the marked time. What is
 * too late for the last settles on the next banking day.
 */
export function expectedSettlement(effective: BankingDay, cutOff: CutOff): Date {
  const { windows } = inForce(fedAch, effective)
  const marked = cutOff.mark ? `${cutOff.mark.slice(2, 4)}:${cutOff.mark.slice(4, 6)}` : cutOff.at
  const today = windows.find(
    ({ on, takesUntil }) => on === 'same_banking_day' && takesUntil >= marked && takesUntil >= cutOff.at,
  )
  if (cutOff.speed === 'same_day' && today) return atEastern(effective, today.settles)
  const overnight = windows.find(({ on }) => on === 'next_banking_day')
  if (!overnight) throw new Error('an operator settles overnight')
  return atEastern(cutOff.speed === 'same_day' ? addBankingDays(effective, 1) : effective, overnight.settles)
}

/** The spans of Nacha's rules that we keep to. Nacha asked in 2026 whether to change those of dishonor and contest. */
export type Spans = Readonly<{
  from: Day
  administrativeReturnBankingDays: number
  unauthorizedReturnDays: number
  dishonorBankingDays: number
  contestBankingDays: number
  reversalBankingDays: number
  retryDays: number
  /** How often the same entry may be sent again within them. */
  retries: number
  correctionBankingDays: number
}>

const spans: readonly Spans[] = [
  {
    from: asDay('2021-03-19'),
    administrativeReturnBankingDays: 2,
    unauthorizedReturnDays: 60,
    dishonorBankingDays: 5,
    contestBankingDays: 2,
    reversalBankingDays: 5,
    retryDays: 180,
    retries: 2,
    correctionBankingDays: 6,
  },
]

/** The spans for what settled (or, for a correction, arrived) on a day. */
export const spansOn = (day: Day): Spans => inForce(spans, day)

/** The last day on which a common return (no funds, account closed …) may settle: our bank has it as it opens. */
export const administrativeReturnsEndOn = (settledOn: BankingDay): BankingDay =>
  addBankingDays(settledOn, spansOn(settledOn).administrativeReturnBankingDays)

/**
 * The last day on which a consumer's "I did not agree to this" may settle: the banking day after the 60th calendar day.
 * Calendar days, whatever some published tables say.
 */
export const unauthorizedReturnsEndOn = (settledOn: BankingDay): BankingDay =>
  addBankingDays(addDays(settledOn, spansOn(settledOn).unauthorizedReturnDays), 1)

/** The last day on which a return with this code may settle. Undefined: the rules name none, or the code is unknown. */
export function returnsEndOn(code: string, settledOn: BankingDay): BankingDay | undefined {
  const { window } = returnCode(code)
  if (window === 'sixty_days') return unauthorizedReturnsEndOn(settledOn)
  // The operator's next file always comes within the two days that a receiving bank has.
  if (window === 'two_banking_days' || window === 'next_file') return administrativeReturnsEndOn(settledOn)
  return undefined
}

/**
 * Whether a return came in time, going by the days on which the entry and the return settled (not by when files were
 * made). One that did not may be dishonored with R68.
 */
export function isTimely(code: string, settledOn: BankingDay, returnedOn: Day): boolean {
  const end = returnsEndOn(code, settledOn)
  return end === undefined || returnedOn <= end
}

/** The last day on which a reversal may reach the receiving bank. */
export const reversalDeadline = (settledOn: BankingDay): BankingDay =>
  addBankingDays(settledOn, spansOn(settledOn).reversalBankingDays)

/** The last calendar day on which an entry returned for want of funds may be sent again, at most `retries` times. */
export const retryUntil = (originalSettlement: Day): Day =>
  addDays(originalSettlement, spansOn(originalSettlement).retryDays)

/** The last day on which our bank may send a wrong return back (R61 to R70). */
export const dishonorUntil = (returnSettledOn: BankingDay): BankingDay =>
  addBankingDays(returnSettledOn, spansOn(returnSettledOn).dishonorBankingDays)

/** The last day on which the receiving bank may insist on its return (R71 to R77). */
export const contestUntil = (dishonorSettledOn: BankingDay): BankingDay =>
  addBankingDays(dishonorSettledOn, spansOn(dishonorSettledOn).contestBankingDays)

/** The day by which a correction (NOC) must be heeded; an entry that goes out later than that has it already. */
export const correctBy = (receivedOn: Day): BankingDay =>
  addBankingDays(receivedOn, spansOn(receivedOn).correctionBankingDays)
