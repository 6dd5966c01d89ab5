import type { Evidence } from './evidence.ts'

/** What the house promises whoever asks for it, if it says that it is done. */
export type Promised = Readonly<
  | { kind: 'payment'; type: string; merchant: string; key: string; amount: bigint }
  | { kind: 'canceled' | 'released' | 'retried' | 'reversed'; payment: string }
  | { kind: 'withdrawn'; file: string }
  | { kind: 'let_go'; file: string; by: string }
  | { kind: 'payout_canceled'; payout: string }
  | { kind: 'resolved'; exception: string }
  | { kind: 'lifted'; merchant: string }
>

/** A promise, and what the house said: 'done', or the code of its refusal. */
export type Told = Readonly<{ promised: Promised; said: string }>

/** What was said to be done is done, and what was refused is not. */
export function judgeAnswers(evidence: Evidence, told: readonly Told[]): string[] {
  const wrong: string[] = []
  const done = told.filter(({ said }) => said === 'done').map(({ promised }) => promised)
  for (const promised of done) {
    const isKept = isDone(evidence, promised)
    if (!isKept) wrong.push(`it was said that this is done, and it is not: ${textOf(promised)}`)
  }
  const retries = done.flatMap((one) => (one.kind === 'retried' ? [one.payment] : []))
  for (const [payment, many] of Map.groupBy(retries, (id) => id))
    if (many.length > count(evidence, payment, 'retried'))
      wrong.push(`${payment} was said to be retried ${many.length} times, and was not`)
  return [...wrong, ...judgeKeys(evidence, told)]
}

const textOf = (promised: Promised): string =>
  Object.entries(promised)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

const count = ({ diaries }: Evidence, id: string, kind: string): number =>
  (diaries.get(id) ?? []).filter(({ fact }) => fact.kind === kind).length

function isDone(evidence: Evidence, promised: Promised): boolean {
  const { records } = evidence
  switch (promised.kind) {
    case 'payment':
      return true
    case 'canceled':
      return records.payments.get(promised.payment)?.status === 'canceled'
    case 'released':
    case 'retried':
    case 'reversed':
      return count(evidence, promised.payment, promised.kind) > 0
    case 'withdrawn':
      return records.files.get(promised.file)?.status === 'withdrawn'
    case 'let_go':
      return records.releases.has(`${promised.file} ${promised.by}`)
    case 'payout_canceled':
      return records.payouts.get(promised.payout)?.status === 'canceled'
    case 'resolved':
      return typeof records.exceptions.get(promised.exception)?.resolution === 'string'
    case 'lifted':
      return [...records.holds.values()].some(({ did, merchant }) => did === 'lifted' && merchant === promised.merchant)
  }
}

/** Whose request key was taken has a payment; to whom anything else was said, and nothing better, has none. */
function judgeKeys({ records }: Evidence, told: readonly Told[]): string[] {
  const wrong: string[] = []
  const payments = new Map([...records.payments.values()].map((one) => [`${one.merchant} ${one.key}`, one]))
  const asked = told.flatMap(({ promised, said }) => (promised.kind === 'payment' ? [{ promised, said }] : []))
  const byKey = Map.groupBy(asked, ({ promised: { merchant, key } }) => `${merchant} ${key}`)
  for (const [key, all] of byKey) {
    const payment = payments.get(key)
    const isTaken = all.some(({ said }) => said === 'done' || said === 'request_key_used')
    const said = all.map((one) => one.said).join(', then ')
    const [first] = all
    if (isTaken !== (payment !== undefined))
      wrong.push(`the key ${key} was told '${said}'; its payment: ${payment?.id}`)
    if (payment && (payment.amount !== first?.promised.amount || payment.type !== first.promised.type))
      wrong.push(
        `${payment.id} is a ${payment.type} of ${payment.amount}; ${first && textOf(first.promised)} was asked for`,
      )
    if (all.filter((one) => one.said === 'done').length > 1) wrong.push(`the key ${key} made two payments: '${said}'`)
  }
  return wrong
}
