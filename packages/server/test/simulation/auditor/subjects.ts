import type { Evidence } from './evidence.ts'
import type { EntryRecord, PaymentRecord } from './records.ts'

/** Payments and payouts: diary, state, entries and events, each against the diary read anew. */
export function judgeSubjects(evidence: Evidence): string[] {
  const { records } = evidence
  const wrong: string[] = []
  for (const payment of records.payments.values()) {
    const say = (what: string) => wrong.push(`${payment.type} ${payment.id}: ${what}`)
    judgeDiary(evidence, payment, say)
    judgeEvents(evidence, payment, say)
    const replay = evidence.replays.get(payment.id)
    if (replay?.fee !== payment.fee) say(`its fee is ${payment.fee}, and its diary says ${replay?.fee}`)
    if (replay?.isReversed !== payment.isReversed)
      say(`it is reversed: ${payment.isReversed}; its diary says otherwise`)
    if (replay?.inHold !== payment.inHold) say(`${payment.inHold} is held, and its diary says ${replay?.inHold}`)
  }
  for (const payout of records.payouts.values())
    judgeDiary(evidence, payout, (what) => wrong.push(`payout ${payout.id}: ${what}`))
  for (const id of evidence.diaries.keys())
    if (!evidence.replays.has(id)) wrong.push(`a diary of ${id}, which does not exist`)
  for (const resource of evidence.eventsOf.keys())
    if (!evidence.replays.has(resource) && !records.forMerchants.has(resource))
      wrong.push(`an event about ${resource}, which does not exist`)
  for (const subject of evidence.entriesOf.keys())
    if (subject !== '' && !evidence.replays.has(subject)) wrong.push(`entries of ${subject}, which does not exist`)
  return [...wrong, ...judgeRefunds(evidence)]
}

type Subject = Readonly<{ id: string; status: string; moves: number; presentment: number }>

function judgeDiary(evidence: Evidence, subject: Subject, say: (what: string) => void): void {
  const lines = evidence.diaries.get(subject.id) ?? []
  const replay = evidence.replays.get(subject.id)
  if (!replay) return
  for (const problem of replay.problems) say(problem)
  if (lines.some(({ seq }, index) => seq !== index + 1)) say('a line of its diary is missing')
  if (lines.length !== subject.moves) say(`its diary has ${lines.length} lines, and it counts ${subject.moves}`)
  if (replay.status !== subject.status) say(`it is ${subject.status}, and its diary says ${replay.status}`)
  if (replay.presentment !== subject.presentment)
    say(`it is presented ${subject.presentment} times, and its diary says ${replay.presentment}`)
  const booked = evidence.entriesOf.get(subject.id) ?? []
  const bySeq = Map.groupBy(booked, ({ seq }) => seq ?? 0)
  for (const [index, line] of lines.entries()) {
    const wanted = (replay.entries[index] ?? []).toSorted().join(', ')
    const found = (bySeq.get(index + 1) ?? []).map(asText).toSorted().join(', ')
    if (wanted !== found)
      say(`line ${index + 1} '${line.fact.kind}' should post '${wanted}', and the books say '${found}'`)
    const day = line.fact.kind === 'settled' || line.fact.kind === 'returned' ? line.fact.on : undefined
    for (const one of bySeq.get(index + 1) ?? [])
      if (day !== undefined && one.day !== day) say(`line ${index + 1} is of ${day}, and posted on ${one.day}`)
  }
  for (const seq of bySeq.keys()) if (seq < 1 || seq > lines.length) say(`entries of line ${seq}, which is not there`)
}

const asText = ({ debit, credit, amount }: EntryRecord): string => `${debit} < ${credit} ${amount}`

/** Born, perhaps waiting, then one for each line that tells something, in order. */
function judgeEvents(evidence: Evidence, payment: PaymentRecord, say: (what: string) => void): void {
  const found = (evidence.eventsOf.get(payment.id) ?? []).filter((type) => type !== 'payment.double_refund_risk')
  const told = (evidence.replays.get(payment.id)?.events ?? []).filter((type) => type !== null)
  // Whoever waits for a decision is told so; a diary does not know for how long.
  const waited = found[1] === 'payment.pending' ? ['payment.pending'] : []
  const wanted = ['payment.created', ...waited, ...told].join(', ')
  if (wanted !== found.join(', ')) say(`its events should be '${wanted}', and are '${found.join(', ')}'`)
  const risks = (evidence.eventsOf.get(payment.id) ?? []).length - found.length
  const refunds = [...evidence.records.payments.values()].filter(({ refundOf }) => refundOf === payment.id)
  const many = (id: string, kind: string) =>
    (evidence.diaries.get(id) ?? []).filter(({ fact }) => fact.kind === kind).length
  const most =
    refunds.length === 0
      ? 0
      : many(payment.id, 'returned') + refunds.reduce((sum, { id }) => sum + many(id, 'return_reversed'), 0)
  if (risks > most) say(`its merchant was warned of refunds ${risks} times, and ${most} times there was reason to`)
}

const unsent = ['created', 'authorized']
const over = ['retryable', 'returned', 'canceled', 'declined']

/** A debit and what is given back of it. */
function judgeRefunds({ records, diaries }: Evidence): string[] {
  const wrong: string[] = []
  const refundsOf = Map.groupBy(records.payments.values(), ({ refundOf }) => refundOf ?? '')
  for (const debit of records.payments.values()) {
    const refunds = (debit.type === 'debit' && refundsOf.get(debit.id)) || []
    const live = refunds.filter(({ status }) => status !== 'canceled' && status !== 'returned')
    const sum = live.reduce((total, { amount }) => total + amount, 0n)
    if (debit.refunded > debit.amount) wrong.push(`${debit.id} is refunded beyond its amount`)
    const isBeyond = sum > debit.amount
    const counted = isBeyond ? debit.amount : sum
    if (debit.refunded !== counted) wrong.push(`${debit.id} counts ${debit.refunded} refunded; its refunds are ${sum}`)
    const cameAfterAll = refunds.some(({ id }) => diaries.get(id)?.some(({ fact }) => fact.kind === 'return_reversed'))
    if (isBeyond && !cameAfterAll) wrong.push(`${debit.id} of ${debit.amount} gives back ${sum}`)
    const waits = live.find(({ status }) => unsent.includes(status))
    if (waits && over.includes(debit.status)) wrong.push(`${waits.id} waits, though its debit is ${debit.status}`)
  }
  return wrong
}
