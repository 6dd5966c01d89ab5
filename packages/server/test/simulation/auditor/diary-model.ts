import type { Fact, MerchantRecord, PaymentRecord, PayoutRecord } from './records.ts'

/** What a diary says, worked out anew from its first line: nothing here is imported from what is being judged. */
export type Replayed = {
  status: string
  presentment: number
  fee: bigint
  inHold: bigint
  /** It was sent in error, and is given back; how much of its fee the merchant got back then. */
  isReversed: boolean
  feeGivenBack: bigint
  /** What each line did to the books: `debited < credited cents`. */
  entries: string[][]
  /** What each line told the merchant. Null: nothing. */
  events: (string | null)[]
  problems: string[]
}

/** From which state which fact leads where. `<` is the state it came back from, `back` where a return leads. */
const roads: Readonly<Record<string, string>> = {
  ...{ 'created approved': 'authorized', 'created held': 'held', 'created declined': 'declined' },
  ...{ 'created canceled': 'canceled', 'held canceled': 'canceled', 'authorized canceled': 'canceled' },
  ...{ 'held released': 'authorized', 'authorized scheduled': 'scheduled', 'scheduled unscheduled': 'authorized' },
  ...{ 'scheduled initiated': 'initiated', 'initiated refused': 'authorized', 'initiated settled': 'settled' },
  ...{ 'settled funds_released': 'available', 'available disbursed': 'disbursed' },
  ...{ 'initiated returned': 'back', 'settled returned': 'back', 'available returned': 'back' },
  ...{ 'disbursed returned': 'back', 'retryable retried': 'authorized', 'retryable given_up': 'returned' },
  ...{ 'retryable return_reversed': '<', 'returned return_reversed': '<' },
  ...{ 'settled reversed': 'settled', 'available reversed': 'available', 'disbursed reversed': 'disbursed' },
  ...{ 'settled reversal_failed': 'settled', 'available reversal_failed': 'available' },
  'disbursed reversal_failed': 'disbursed',
}
const payoutRoads: Readonly<Record<string, string>> = {
  ...{ 'drafted accepted': 'accepted', 'accepted scheduled': 'scheduled', 'accepted canceled': 'canceled' },
  ...{ 'scheduled initiated': 'initiated', 'scheduled unscheduled': 'accepted', 'initiated refused': 'accepted' },
  ...{ 'initiated settled': 'settled', 'initiated returned': 'back', 'settled returned': 'back' },
  ...{ 'returned return_reversed': '<' },
}

const events: Readonly<Record<string, string | null>> = {
  ...{ approved: 'payment.authorized', held: 'payment.held', declined: 'payment.failed', canceled: 'payment.canceled' },
  ...{ released: 'payment.authorized', scheduled: 'payment.scheduled', unscheduled: 'payment.authorized' },
  ...{ initiated: 'payment.initiated', refused: 'payment.authorized', settled: 'payment.succeeded' },
  ...{
    funds_released: null,
    disbursed: 'payment.disbursed',
    returned: 'payment.failed',
    retried: 'payment.authorized',
  },
  ...{ given_up: 'payment.failed', return_reversed: 'payment.succeeded', reversed: null, reversal_failed: null },
}

const bank = 'bank:settlement'
const fees = 'platform:fees'
const debitsOnTheWay = 'ach:debits_in_transit'
const creditsOnTheWay = 'ach:credits_in_transit'

const entry = (debit: string, credit: string, cents: bigint): string[] =>
  cents === 0n ? [] : [`${debit} < ${credit} ${cents}`]
const centsOf = (fact: Fact, name: string): bigint => BigInt(String(fact[name] ?? '0'))

export function replayPayment(payment: PaymentRecord, facts: readonly Fact[], terms?: MerchantRecord): Replayed {
  const my = (part: string) => `merchant:${payment.merchant}:${part}`
  const out: Replayed = newReplay('created')
  let cameFrom = ''
  for (const fact of facts) {
    const from = out.status
    const to = payment.type === 'debit' ? roads[`${from} ${fact.kind}`] : creditRoad(from, fact.kind)
    if (!to) out.problems.push(`'${fact.kind}' cannot happen to a ${payment.type} that is ${from}`)
    if (terms) judgeTerms(payment, terms, out, fact)
    out.events.push(events[fact.kind] ?? null)
    out.entries.push(
      payment.type === 'debit'
        ? debitEntries(my, payment.amount, out, fact, from, cameFrom)
        : outgoingEntries(my, payment.amount, fact.kind, from, cameFrom),
    )
    if (to === 'back') cameFrom = from
    // What was held was let go by the return.
    const before = cameFrom === 'settled' && payment.type === 'debit' ? 'available' : cameFrom
    out.status =
      to === 'back' ? (fact.mayRetry === true ? 'retryable' : 'returned') : to === '<' ? before : (to ?? from)
    if (fact.kind === 'retried') out.presentment++
  }
  return out
}

/** Nobody holds, releases or presents again what goes out. */
const creditRoad = (from: string, kind: string): string | undefined =>
  ['held', 'declined', 'released', 'funds_released', 'disbursed', 'retried', 'reversed', 'reversal_failed'].includes(
    kind,
  )
    ? undefined
    : roads[`${from} ${kind}`]

const newReplay = (status: string): Replayed => ({
  ...{ status, presentment: 1, fee: 0n, inHold: 0n, isReversed: false, feeGivenBack: 0n },
  ...{ entries: [], events: [], problems: [] },
})

/** A merchant's terms never change here, so what a fact says of them can be held against them. */
function judgeTerms(payment: PaymentRecord, terms: MerchantRecord, out: Replayed, fact: Fact): void {
  const must = (what: string, is: unknown, should: unknown) => {
    if (is !== should) out.problems.push(`${what} is ${is}, and should be ${should}`)
  }
  if (fact.kind === 'settled') {
    const whole = terms.feeFixed + (payment.amount * BigInt(terms.feeBps) * 2n + 10_000n) / 20_000n
    const due = payment.type !== 'debit' || out.fee > 0n ? 0n : whole < payment.amount ? whole : payment.amount
    must('the fee', centsOf(fact, 'fee'), due)
  }
  if (fact.kind === 'returned') {
    must('the fee given back', centsOf(fact, 'feeBack'), terms.feeKept ? 0n : out.fee)
    must('the fee for the return', centsOf(fact, 'returnFee'), payment.type === 'debit' ? terms.returnFee : 0n)
    const isDebit = payment.type === 'debit' && !out.isReversed
    const may = isDebit && ['R01', 'R09'].includes(String(fact.code)) && out.presentment < 3
    must('whether it may be presented again', fact.mayRetry, may)
  }
  if (fact.kind === 'reversed') must('the fee given back', centsOf(fact, 'feeBack'), out.fee)
  if (fact.kind === 'reversal_failed') must('the fee taken again', centsOf(fact, 'fee'), out.feeGivenBack)
}

function debitEntries(
  my: (part: string) => string,
  amount: bigint,
  out: Replayed,
  fact: Fact,
  from: string,
  cameFrom: string,
): string[] {
  switch (fact.kind) {
    case 'initiated':
      return entry(debitsOnTheWay, my('pending'), amount)
    case 'refused':
      return entry(my('pending'), debitsOnTheWay, amount)
    case 'settled': {
      const fee = centsOf(fact, 'fee')
      out.fee += fee
      out.inHold = amount - fee
      return [
        ...entry(bank, debitsOnTheWay, amount),
        ...entry(my('pending'), my('held'), amount - fee),
        ...entry(my('pending'), fees, fee),
      ]
    }
    case 'funds_released': {
      const held = out.inHold
      out.inHold = 0n
      return entry(my('held'), my('available'), held)
    }
    case 'returned': {
      const held = out.inHold
      out.inHold = 0n
      out.fee -= centsOf(fact, 'feeBack')
      const back =
        from === 'initiated' ? entry(my('pending'), debitsOnTheWay, amount) : entry(my('available'), bank, amount)
      return [
        ...entry(my('held'), my('available'), held),
        ...back,
        ...entry(fees, my('available'), centsOf(fact, 'feeBack')),
        ...entry(my('available'), fees, centsOf(fact, 'returnFee')),
      ]
    }
    case 'reversed':
      out.feeGivenBack = centsOf(fact, 'feeBack')
      out.fee -= out.feeGivenBack
      out.isReversed = true
      return entry(fees, my('available'), out.feeGivenBack)
    case 'reversal_failed':
      out.fee += out.feeGivenBack
      out.isReversed = false
      return entry(my('available'), fees, out.feeGivenBack)
    case 'return_reversed':
      return cameFrom === 'initiated'
        ? entry(debitsOnTheWay, my('pending'), amount)
        : entry(bank, my('available'), amount)
    default:
      return []
  }
}

/** Refunds, credits and payouts: promised, sent, settled, and each of them taken back. */
function outgoingEntries(
  my: (part: string) => string,
  amount: bigint,
  kind: string,
  from: string,
  cameFrom: string,
): string[] {
  switch (kind) {
    case 'approved':
    case 'accepted':
      return entry(my('available'), my('outgoing'), amount)
    case 'canceled':
      return from === 'created' ? [] : entry(my('outgoing'), my('available'), amount)
    case 'initiated':
      return entry(my('outgoing'), creditsOnTheWay, amount)
    case 'refused':
      return entry(creditsOnTheWay, my('outgoing'), amount)
    case 'settled':
      return entry(creditsOnTheWay, bank, amount)
    case 'returned':
      return entry(from === 'initiated' ? creditsOnTheWay : bank, my('available'), amount)
    case 'return_reversed':
      return entry(my('available'), cameFrom === 'initiated' ? creditsOnTheWay : bank, amount)
    default:
      return []
  }
}

export function replayPayout(payout: PayoutRecord, facts: readonly Fact[]): Replayed {
  const out = newReplay('drafted')
  let cameFrom = ''
  for (const { kind } of facts) {
    const from = out.status
    const to = payoutRoads[`${from} ${kind}`]
    if (!to) out.problems.push(`'${kind}' cannot happen to a payout that is ${from}`)
    out.entries.push(
      outgoingEntries((part) => `merchant:${payout.merchant}:${part}`, payout.amount, kind, from, cameFrom),
    )
    out.events.push(null)
    if (to === 'back') cameFrom = from
    out.status = to === 'back' ? 'returned' : to === '<' ? cameFrom : (to ?? from)
    if (kind === 'refused') out.presentment++
  }
  return out
}
