import type { Evidence } from './evidence.ts'
import type { ExceptionRecord, PayoutRecord } from './records.ts'

/** The accounts, what stands in suspense, and what payouts are made of. */
export const judgeBooks = (evidence: Evidence): string[] => [
  ...judgeAccounts(evidence),
  ...judgeUnderWay(evidence),
  ...judgeSuspense(evidence),
  ...judgePayouts(evidence),
]

/** Each account is its entries and nothing else; debits are credits; no account is below its floor. */
function judgeAccounts({ records }: Evidence): string[] {
  const wrong: string[] = []
  const sums = new Map<string, { debits: bigint; credits: bigint }>()
  const add = (id: string, debits: bigint, credits: bigint) => {
    const sum = sums.get(id) ?? { debits: 0n, credits: 0n }
    sums.set(id, { debits: sum.debits + debits, credits: sum.credits + credits })
  }
  for (const { debit, credit, amount, id, journal } of records.entries.values()) {
    if (journal === null) wrong.push(`entry ${id} is in no journal`)
    add(debit, amount, 0n)
    add(credit, 0n, amount)
  }
  let total = 0n
  for (const { id, normal, floor, debits, credits } of records.accounts.values()) {
    const sum = sums.get(id) ?? { debits: 0n, credits: 0n }
    if (sum.debits !== debits || sum.credits !== credits)
      wrong.push(`${id} says ${debits} and ${credits}; its entries are ${sum.debits} and ${sum.credits}`)
    const balance = normal === 'debit' ? debits - credits : credits - debits
    if (floor !== null && balance < floor) wrong.push(`${id} is ${balance}, below its floor ${floor}`)
    total += debits - credits
    sums.delete(id)
  }
  for (const id of sums.keys()) wrong.push(`entries of ${id}, which is no account`)
  if (total !== 0n) wrong.push(`debits and credits differ by ${total}`)
  return wrong
}

/** What is on its way, held or promised, from the states alone. */
function judgeUnderWay({ records }: Evidence): string[] {
  const wanted = new Map<string, bigint>()
  const add = (id: string, cents: bigint) => wanted.set(id, (wanted.get(id) ?? 0n) + cents)
  for (const { type, status, amount, merchant, inHold } of records.payments.values()) {
    const my = (part: string) => `merchant:${merchant}:${part}`
    if (type === 'debit') {
      add('ach:debits_in_transit', status === 'initiated' ? amount : 0n)
      add(my('pending'), status === 'initiated' ? amount : 0n)
      add(my('held'), status === 'settled' ? inHold : 0n)
    } else {
      add('ach:credits_in_transit', status === 'initiated' ? amount : 0n)
      add(my('outgoing'), status === 'authorized' || status === 'scheduled' ? amount : 0n)
    }
  }
  for (const { status, amount, merchant } of records.payouts.values()) {
    add('ach:credits_in_transit', status === 'initiated' ? amount : 0n)
    add(`merchant:${merchant}:outgoing`, status === 'accepted' || status === 'scheduled' ? amount : 0n)
  }
  const wrong: string[] = []
  for (const { id, normal, debits, credits } of records.accounts.values()) {
    const isMine = /^ach:.*_in_transit$|:(pending|held|outgoing|reserve)$/.test(id)
    const balance = normal === 'debit' ? debits - credits : credits - debits
    const sum = wanted.get(id) ?? 0n
    if (isMine && balance !== sum) wrong.push(`${id} is ${balance}; what is there by its state is ${sum}`)
  }
  return wrong
}

/** Everything that is about no payment is about an exception, whose money is what its report says. */
function judgeSuspense({ records, entriesOf }: Evidence): string[] {
  const wrong: string[] = []
  const entries = Map.groupBy(entriesOf.get('') ?? [], ({ journal }) => journal)
  const ofReport = Map.groupBy(records.exceptions.values(), ({ report }) => report ?? '')
  for (const { id, status } of records.reports.values()) {
    // What was not believed has moved nothing; it may have come once more, and been believed.
    const many = ofReport.get(id)?.filter(({ amount }) => amount !== null).length ?? 0
    if (many > (status === 'excepted' ? 1 : 0))
      wrong.push(`the report ${id} is ${status}, and in suspense ${many} times`)
  }
  let open = 0n
  for (const exception of records.exceptions.values()) {
    const { id, amount, resolution } = exception
    const cents = amount ?? 0n
    const said = movedBy(exception, records.reports)
    if (said !== undefined && said !== cents) wrong.push(`exception ${id} is of ${cents}; its report says ${said}`)
    if (resolution === null) open += cents
    const other = resolution?.startsWith('settled_back') ? 'bank:settlement' : 'platform:losses'
    const wanted = [
      ...(cents === 0n ? [] : [[`exception:${id}`, pair('bank:settlement', 'ach:suspense', cents)]]),
      ...(cents === 0n || resolution === null
        ? []
        : [[`exception:${id}:resolved`, pair('ach:suspense', other, cents)]]),
    ]
    for (const [journal = '', text] of wanted) {
      const found = (entries.get(journal) ?? []).map((one) => `${one.debit} < ${one.credit} ${one.amount}`).join(', ')
      if (found !== text) wrong.push(`${journal} should post '${text}', and posts '${found}'`)
      entries.delete(journal)
    }
  }
  for (const journal of entries.keys()) wrong.push(`the journal ${journal} follows from nothing`)
  const suspense = records.accounts.get('ach:suspense')
  const balance = (suspense?.credits ?? 0n) - (suspense?.debits ?? 0n)
  if (balance !== open) wrong.push(`${balance} is in suspense; open exceptions are of ${open}`)
  return wrong
}

const pair = (debit: string, credit: string, cents: bigint): string =>
  cents > 0n ? `${debit} < ${credit} ${cents}` : `${credit} < ${debit} ${-cents}`

/** Cents that came to our account by a report; below zero, that left it. Undefined: there is no report. */
function movedBy({ report, amount }: ExceptionRecord, reports: Evidence['records']['reports']): bigint | undefined {
  const found = report === null ? undefined : reports.get(report)
  // What came in a batch whose totals disagree is not believed: no money was posted.
  if (!found || amount === null) return undefined
  const { kind, told } = found
  const cents = (name: string) => BigInt(String(told[name] ?? '0'))
  if (kind === 'settled') return cents('debits') - cents('credits')
  const sign = { returned: -1n, contested: -1n, dishonored: 1n }[kind] ?? 0n
  return sign * cents('amount') * (told.direction === 'debit' ? 1n : -1n)
}

/** A payout is its lines, and its lines are what moved in its period. */
function judgePayouts({ records, entriesOf }: Evidence): string[] {
  const wrong: string[] = []
  const linesOf = Map.groupBy(records.payoutLines.values(), ({ payout }) => payout)
  const byMerchant = Map.groupBy(records.payouts.values(), ({ merchant }) => merchant)
  for (const [merchant, payouts] of byMerchant) {
    const available = `merchant:${merchant}:available`
    const entries = [...records.entries.values()].filter((one) => one.debit === available || one.credit === available)
    let before: PayoutRecord | undefined
    for (const payout of payouts.toSorted((a, b) => (a.lastEntry < b.lastEntry ? -1 : 1))) {
      const lines = linesOf.get(payout.id) ?? []
      const sum = (some: typeof lines) => some.reduce((total, { amount }) => total + amount, 0n)
      if (sum(lines) !== payout.amount) wrong.push(`payout ${payout.id} of ${payout.amount} has lines of ${sum(lines)}`)
      const moved = entries
        .filter(({ id }) => id > payout.afterEntry && id <= payout.lastEntry)
        .reduce((total, one) => total + (one.credit === available ? one.amount : -one.amount), 0n)
      const own = lines.filter(({ kind }) => !kind.startsWith('carried'))
      if (sum(own) !== moved) wrong.push(`payout ${payout.id} tells of ${sum(own)}; ${moved} moved in its period`)
      const acceptedBy = before && entriesOf.get(before.id)?.find(({ seq }) => seq === 1)?.id
      if (payout.afterEntry !== (acceptedBy ?? 0n))
        wrong.push(`payout ${payout.id} begins where the one before did not end`)
      before = payout
    }
  }
  return wrong
}
