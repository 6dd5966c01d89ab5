import { addBankingDays, addDays, atEastern, type Day, easternDay, onOrAfter } from '../../src/kernel/banking-day.ts'
import type { MemoryDrop } from '../memory-drop.ts'
import { openTestBank } from '../test-bank.ts'
import { contested, type Dispute, dishonored, readSent } from './inbound-files.ts'
import { type Random, randomOf } from './random.ts'

/** The other side of the drop: an originating bank that does everything a bank does, and much that none should. */
export type PretendBank = Readonly<{
  nextDue(): Date | undefined
  /** Does the next thing that is due. Answers a line for the story; undefined: nothing is. */
  act(now: Date): string | undefined
  /** A drop cannot be reached for some hours: its own, or another that stands there. */
  goAway(now: Date, drop: MemoryDrop): void
  /** Looks for files that we have put there. */
  look(now: Date): string[]
  /** The trace numbers that it has taken to the customers' banks, by the name of the file. */
  processed: ReadonlyMap<string, readonly string[]>
  counts: { files: number; rejected: number; returns: number; reports: number }
}>

type File = ReturnType<typeof readSent>
type Entry = File['entries'][number]
type Plan = { at: Date; does: () => string }

const hour = 3_600_000
/** Codes of entries that come back before they settle; after months; within two days. */
const early = ['R03', 'R04', 'R13', 'R20', 'R01', 'R02']
const later = ['R10', 'R05', 'R29', 'R07']
const soon = ['R01', 'R09', 'R01', 'R02', 'R16', 'R08']

export function openPretendBank(drop: MemoryDrop, seed: number): PretendBank {
  const random = randomOf(seed, 'bank')
  const plans: Plan[] = []
  const processed = new Map<string, readonly string[]>()
  const seen = new Set<string>()
  const counts = { files: 0, rejected: 0, returns: 0, reports: 0 }
  let names = 0
  let traces = 0
  let now = new Date(0)
  const plan = (at: Date, does: () => string) => {
    plans.push({ at: at > now ? at : now, does })
    // Stable: what is planned for the same instant happens in the order in which it was planned.
    plans.sort((a, b) => a.at.getTime() - b.at.getTime())
  }
  const inHours = (least: number, most: number) =>
    new Date(now.getTime() + (least + random.next() * (most - least)) * hour)
  const leave = (name: string, text: string) => {
    counts.reports++
    drop.leave(name, text)
  }
  /** Reports arrive in any order of names, twice, late, or cut off. */
  const deliver = (name: string, text: string) => {
    const as = `${String(random.between(0, 9))}-${names++}-${name}`
    if (random.chance(0.04)) leave(`torn-${as}`, text.slice(0, Math.floor(text.length * (0.4 + random.next() * 0.5))))
    else if (random.chance(0.03)) leave(`wrong-${as}`, withWrongTotals(text))
    if (random.chance(0.08))
      plan(inHours(2, 60), () => {
        leave(as, text)
        return `leaves ${as} late`
      })
    else leave(as, text)
    if (random.chance(0.1))
      plan(inHours(1, 80), () => {
        leave(as, text)
        return `leaves ${as} again`
      })
    if (random.chance(0.1))
      plan(inHours(0, 80), () => {
        leave(`copy-${as}`, text)
        return `leaves a copy of ${as}`
      })
  }
  const bank = openTestBank({ ...drop, leave: deliver })
  const desk = {
    random,
    plan,
    inHours,
    bank,
    deliver,
    counts,
    today: () => easternDay(now),
    trace: () => newTrace(++traces),
  }

  return {
    processed,
    counts,
    nextDue: () => plans[0]?.at,
    act(at) {
      const [first] = plans
      if (!first || first.at > at) return undefined
      now = at
      plans.shift()
      return `the bank ${first.does()}`
    },
    goAway(at, away) {
      now = at
      away.down(true)
      plan(inHours(0.5, random.pick([3, 3, 20])), () => {
        away.down(false)
        return 'has its drop again'
      })
    },
    look(at) {
      now = at
      const said: string[] = []
      for (const [name, text] of drop.outgoing) {
        if (seen.has(name)) continue
        seen.add(name)
        counts.files++
        const file = readSent(name, text)
        const isTaken = receive(desk, file)
        if (isTaken)
          processed.set(
            name,
            file.entries.map(({ traceNumber }) => traceNumber),
          )
        else counts.rejected++
        said.push(`the bank ${isTaken ? 'takes' : 'will reject'} ${name} with ${file.entries.length} entries`)
      }
      return said
    },
  }
}

type Desk = Readonly<{
  random: Random
  plan(at: Date, does: () => string): void
  inHours(least: number, most: number): Date
  bank: ReturnType<typeof openTestBank>
  deliver(name: string, text: string): void
  counts: PretendBank['counts']
  today(): Day
  trace(): string
}>

const newTrace = (count: number): string => `01111112${String(count).padStart(7, '0')}`

/** A digit of a control record that is another one. */
const withWrongTotals = (text: string): string =>
  text.replace(/^8(.{9})(.)/m, (_all, before: string, digit: string) => `8${before}${(Number(digit) + 1) % 10}`)

/** False: it is going to be rejected as a whole. */
function receive(desk: Desk, file: File): boolean {
  const { random, plan, inHours, bank } = desk
  const say = (status: string, at: Date) =>
    plan(at, () => {
      bank.acknowledge(file, status)
      return `says '${status}' to ${file.name}`
    })
  if (random.chance(0.05)) {
    say('rejected', inHours(0.2, 30))
    return false
  }
  if (random.chance(0.1)) say('received', inHours(0.1, 0.5))
  if (random.chance(0.9)) say('accepted', inHours(0.5, random.chance(0.1) ? 30 : 1.5))
  if (random.chance(0.1)) say(random.pick(['accepted', 'duplicate', 'pended']), inHours(1, 50))
  settleLater(desk, file)
  return true
}

function settleLater(desk: Desk, file: File): void {
  const { random, plan, bank } = desk
  const today = desk.today()
  const isLate = file.effectiveOn < today
  const first = onOrAfter(isLate ? today : file.effectiveOn)
  const on = random.chance(0.1) ? addBankingDays(first, 1) : first
  const back = file.entries.filter(() => random.chance(0.1))
  for (const entry of back)
    plan(atEastern(on, random.pick(['05:00', '07:00'])), () => comesBack(desk, entry, random.pick(early), on))
  const without = back.map(({ traceNumber }) => traceNumber)
  const rest = file.entries.filter(({ traceNumber }) => !without.includes(traceNumber))
  plan(atEastern(on, on === desk.today() ? '17:30' : '06:00'), () => {
    if (rest.length === 0) return `has nothing to settle of ${file.name}`
    if (random.chance(0.03)) {
      const [odd, ...others] = rest
      bank.settle({ ...file, entries: odd ? [{ ...odd, amount: odd.amount + 1n }, ...others] : [] }, on)
      return `settles ${file.name} with a cent too much`
    }
    bank.settle(file, on, without)
    for (const entry of rest) live(desk, entry, on)
    return `settles ${file.name} on ${on}`
  })
  if (random.chance(0.03))
    plan(atEastern(on, '09:00'), () => {
      bank.returns(
        on,
        file.entries.slice(0, 1).map((entry) => ({ entry: { ...entry, traceNumber: '044444449999999' }, code: 'R01' })),
      )
      return 'returns what we never sent'
    })
}

/** What becomes of an entry after it has settled. */
function live(desk: Desk, entry: Entry, settledOn: Day): void {
  const { random, plan, bank } = desk
  const isDebit = entry.transactionCode === 27 || entry.transactionCode === 37
  const returnsOn = (day: Day, code: string) => plan(atEastern(day, '06:30'), () => comesBack(desk, entry, code, day))
  if (random.chance(isDebit ? 0.25 : 0.1))
    returnsOn(
      addBankingDays(settledOn, random.between(0, 2)),
      isDebit ? random.pick(soon) : random.pick(['R03', 'R04', 'R23']),
    )
  else if (isDebit && random.chance(0.1))
    returnsOn(onOrAfter(addDays(settledOn, 3 + Math.floor(56 * random.next() ** 2))), random.pick(later))
  if (random.chance(0.03))
    plan(desk.inHours(1, 60), () => {
      bank.change(desk.today(), entry, 'C01', String(random.between(10_000, 99_999_999)).padEnd(29))
      return `corrects the account of ${entry.traceNumber}`
    })
}

function comesBack(desk: Desk, entry: Entry, code: string, on: Day): string {
  const { random, plan, bank, counts } = desk
  counts.returns++
  if (random.chance(0.05)) bank.returns(on, [{ entry: { ...entry, amount: entry.amount + 100n }, code }])
  bank.returns(on, [{ entry, code }])
  if (random.chance(0.08))
    plan(desk.inHours(1, 60), () => {
      bank.returns(desk.today(), [{ entry, code }])
      return `returns ${entry.traceNumber} twice`
    })
  if (random.chance(0.25)) {
    const told = (): Dispute => ({ entry, on: onOrAfter(desk.today()), returnCode: code, trace: desk.trace() })
    plan(desk.inHours(3, 60), () => {
      desk.deliver('dishonored.ach', dishonored(told(), 'R68'))
      if (random.chance(0.5))
        plan(desk.inHours(3, 60), () => {
          desk.deliver('contested.ach', contested(told(), 'R73'))
          return `contests ${entry.traceNumber}`
        })
      return `dishonors the return of ${entry.traceNumber}`
    })
  }
  return `returns ${entry.traceNumber} with ${code}`
}
