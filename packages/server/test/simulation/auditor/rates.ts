import { addDays, asDay, type Day, easternDay } from '../../../src/kernel/banking-day.ts'
import type { Evidence } from './evidence.ts'
import type { Fact, Records } from './records.ts'

/** When the rates were last looked at, and the look was not cut off. */
export type Watched = { at: Date | null }

const unauthorized = ['R05', 'R07', 'R10', 'R11', 'R29', 'R51']
const administrative = ['R02', 'R03', 'R04']

type Sent = { day: string; settled: boolean; code: string | null }
type Counts = { debits: number; unauthorized: number; administrative: number; returned: number }

/** How many debits come back: counted from the diaries, compared with what was counted, and with what came of it. */
export function judgeRates(evidence: Evidence, watched: Watched): string[] {
  const { records } = evidence
  const model = countAll(evidence)
  const wrong = [...judgeHolds(evidence)]
  const known = new Map([...records.rateDays].map(([key, { counts }]) => [key, counts]))
  for (const [key, counts] of model) {
    const text = `${counts.debits} ${counts.unauthorized} ${counts.administrative} ${counts.returned}`
    const found = known.get(key) ?? '0 0 0 0'
    if (found !== text) wrong.push(`of ${key} came back ${found}; the diaries say ${text}`)
    known.delete(key)
  }
  for (const [key, counts] of known)
    if (counts !== '0 0 0 0') wrong.push(`of ${key} came back ${counts}, out of nothing`)
  if (watched.at) wrong.push(...judgeStandings(records, model, watched.at))
  watched.at = null
  return wrong
}

/** By merchant and day. */
function countAll({ records, diaries }: Evidence): Map<string, Counts> {
  const until = records.counted.until?.getTime() ?? 0
  const model = new Map<string, Counts>()
  for (const { id, type, merchant } of records.payments.values()) {
    if (type !== 'debit') continue
    const facts = (diaries.get(id) ?? []).filter(({ at }) => at.getTime() < until).map(({ fact }) => fact)
    for (const { day, settled, code } of presentments(facts)) {
      if (!settled && code === null) continue
      const sum = model.get(`${merchant} ${day}`) ?? { debits: 0, unauthorized: 0, administrative: 0, returned: 0 }
      sum.debits++
      if (code !== null) sum.returned++
      if (code !== null && unauthorized.includes(code)) sum.unauthorized++
      if (code !== null && administrative.includes(code)) sum.administrative++
      model.set(`${merchant} ${day}`, sum)
    }
  }
  return model
}

/** Each time that a debit was sent: for which day, whether it settled, and with which code it came back. */
function presentments(facts: readonly Fact[]): Sent[] {
  const sent: Sent[] = []
  let effectiveOn = ''
  for (const fact of facts) {
    const last = sent.at(-1)
    if (fact.kind === 'scheduled') effectiveOn = String(fact.effectiveOn)
    if (fact.kind === 'initiated') sent.push({ day: effectiveOn, settled: false, code: null })
    if (fact.kind === 'refused') sent.pop()
    if (fact.kind === 'settled' && last) Object.assign(last, { day: String(fact.on), settled: true })
    if (fact.kind === 'returned' && last) last.code = String(fact.code)
    if (fact.kind === 'return_reversed' && last) last.code = null
  }
  return sent
}

const gravity = ['too_few', 'ok', 'warning', 'exceeded']

/** Just looked at: each rate stands as it was last said, of every merchant and of all together. */
function judgeStandings(records: Records, model: ReadonlyMap<string, Counts>, at: Date): string[] {
  const wrong: string[] = []
  const today = easternDay(at)
  const latest = new Map<string, string>()
  const inOrder = [...records.standings.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (const { merchant, rate, standing } of inOrder) latest.set(`${merchant} ${rate}`, standing)
  const limits = [...records.thresholds.values()].toSorted((a, b) => (a.from < b.from ? -1 : 1))
  const limit = limits.findLast(({ from }) => from <= today) ?? limits[0]
  for (const merchant of [null, ...records.merchants.keys()])
    for (const rate of ['unauthorized', 'administrative', 'overall'] as const) {
      const standing = [sixtyDays(today), twoMonths(today)]
        .map(([from, to]) => {
          const sum = sumOf(model, merchant, from, to)
          const back = rate === 'overall' ? sum.returned : sum[rate]
          return standingOf(back, sum.debits, limit?.bps[rate] ?? 0, limit?.fewest ?? 0)
        })
        .reduce((a, b) => (gravity.indexOf(b) > gravity.indexOf(a) ? b : a))
      const said = latest.get(`${merchant} ${rate}`)
      const isQuiet = said === undefined && (standing === 'ok' || standing === 'too_few')
      if (said !== standing && !isQuiet)
        wrong.push(`the ${rate} rate of ${merchant} is ${standing}, and said to be ${said}`)
      const hold = merchant === null ? undefined : records.merchants.get(merchant)
      if (standing === 'exceeded' && hold?.holdsOnRates && !wasDecided(records, hold.id))
        wrong.push(`the ${rate} rate of ${merchant} is exceeded, and its debits go on`)
    }
  return wrong
}

/** Somebody has held them; whether somebody has let them go since, is that person's affair. */
const wasDecided = (records: Records, merchant: string): boolean =>
  [...records.holds.values()].some((one) => one.merchant === merchant)

function standingOf(back: number, debits: number, bps: number, fewest: number): string {
  if (debits < fewest) return 'too_few'
  if (back * 10_000 > bps * debits) return 'exceeded'
  return back * 10_000 * 2 >= bps * debits ? 'warning' : 'ok'
}

function sumOf(model: ReadonlyMap<string, Counts>, merchant: string | null, from: string, to: string): Counts {
  const sum = { debits: 0, unauthorized: 0, administrative: 0, returned: 0 }
  for (const [key, counts] of model) {
    const [whose = '', day = ''] = key.split(' ')
    if ((merchant !== null && whose !== merchant) || day < from || day > to) continue
    for (const name of ['debits', 'unauthorized', 'administrative', 'returned'] as const) sum[name] += counts[name]
  }
  return sum
}

const sixtyDays = (today: Day): [string, string] => [addDays(today, -59), today]

/** The two months before this one. */
function twoMonths(today: Day): [string, string] {
  const firstOfThis = asDay(`${today.slice(0, 8)}01`)
  const to = addDays(firstOfThis, -1)
  const before = addDays(asDay(`${to.slice(0, 8)}01`), -1)
  return [`${before.slice(0, 8)}01`, to]
}

/** While the platform holds a merchant's debits, none is approved and none is released. */
function judgeHolds({ records, diaries }: Evidence): string[] {
  const wrong: string[] = []
  const byMerchant = Map.groupBy(records.holds.values(), ({ merchant }) => merchant)
  for (const merchant of records.merchants.values()) {
    const holds = (byMerchant.get(merchant.id) ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const isHeld = holds.at(-1)?.did === 'held'
    if (isHeld !== (merchant.heldSince !== null)) wrong.push(`the debits of ${merchant.id}: held ${merchant.heldSince}`)
    for (const [index, { did, at }] of holds.entries()) {
      if (did !== 'held') continue
      const until = holds[index + 1]?.at.getTime() ?? Number.POSITIVE_INFINITY
      for (const { id, type, merchant: whose } of records.payments.values())
        for (const line of (whose === merchant.id && type === 'debit' && diaries.get(id)) || []) {
          const isLetGo = line.fact.kind === 'approved' || line.fact.kind === 'released'
          const when = line.at.getTime()
          if (isLetGo && when > at.getTime() && when < until) wrong.push(`${id} was let go while its merchant is held`)
        }
    }
  }
  return wrong
}
