import { createHash } from 'node:crypto'
import { addDays, asDay, atEastern } from '../../../src/kernel/banking-day.ts'
import { replayPayment } from './diary-model.ts'
import type { Evidence } from './evidence.ts'
import type { FileForMerchant } from './records.ts'

/** The words in which merchants read a state. */
const words: Readonly<Record<string, string>> = {
  ...{ created: 'PENDING', held: 'HELD', authorized: 'AUTHORIZED', scheduled: 'SCHEDULED', initiated: 'INITIATED' },
  ...{ settled: 'SUCCEEDED', available: 'SUCCEEDED', disbursed: 'SUCCEEDED', retryable: 'RETRYABLE_FAILED' },
  ...{ returned: 'TERMINAL_FAILED', declined: 'TERMINAL_FAILED', canceled: 'CANCELED' },
}

/** Files for merchants are what was made, what was put into their drop, and what the diaries say. */
export function openReportJudge(): (evidence: Evidence, drop: ReadonlyMap<string, string>) => string[] {
  // A file never changes, and neither does what it should say: each is read once.
  const read = new Map<string, string[]>()
  return (evidence, drop) => {
    const wrong: string[] = []
    const { records } = evidence
    const pieces = Map.groupBy(records.pieces.values(), ({ report, making }) => `${report} ${making}`)
    const names = new Set<string>()
    for (const file of records.forMerchants.values()) {
      const say = (what: string) => wrong.push(`report ${file.name} ${file.id}: ${what}`)
      const told = evidence.eventsOf.get(file.id)?.length ?? 0
      if (told !== (file.madeAt ? 1 : 0)) say(`it was announced ${told} times`)
      if (!file.madeAt) continue
      names.add(file.name)
      const text = (pieces.get(`${file.id} ${file.making}`) ?? [])
        .toSorted((a, b) => a.piece - b.piece)
        .map(({ content }) => content)
        .join('')
      const put = drop.get(file.name)
      if (file.deliveredAt && put === undefined) say('it was delivered, and is not there')
      if (put !== undefined && put !== Buffer.from(text, 'utf8').toString('latin1')) say('other bytes are in the drop')
      const found = read.get(text) ?? judge(evidence, file, text)
      if (found.length === 0) read.set(text, found)
      for (const what of found) say(what)
    }
    for (const name of drop.keys()) if (!names.has(name)) wrong.push(`the drop holds ${name}, which is no report`)
    return wrong
  }
}

function judge(evidence: Evidence, file: FileForMerchant, text: string): string[] {
  const rows = text.split('\r\n').slice(1, -1)
  const lines = rows.map((row) => row.split(','))
  const wrong: string[] = []
  const sha256 = createHash('sha256').update(text, 'utf8').digest('hex')
  if (sha256 !== file.sha256) wrong.push('its bytes are not those that were hashed')
  if (rows.length !== file.rows) wrong.push(`it has ${rows.length} rows, and counts ${file.rows}`)
  const found =
    file.kind === 'transactions' ? judgeTransactions(evidence, file, lines) : judgePayouts(evidence, file, lines)
  return [...wrong, ...found]
}

/** Whatever was made or moved on the day, as it stood when the day was over. */
function judgeTransactions({ records, diaries }: Evidence, file: FileForMerchant, lines: string[][]): string[] {
  const [from, until] = [file.day, addDays(asDay(file.day), 1)].map((day) => atEastern(asDay(day), '00:00').getTime())
  const isOfDay = (at: Date) => at.getTime() >= Number(from) && at.getTime() < Number(until)
  const wanted: string[] = []
  for (const payment of records.payments.values()) {
    const diary = diaries.get(payment.id) ?? []
    if (payment.merchant !== file.merchant || ![payment.createdAt, ...diary.map(({ at }) => at)].some(isOfDay)) continue
    const facts = diary.filter(({ at }) => at.getTime() < Number(until)).map(({ fact }) => fact)
    const { status } = replayPayment(payment, facts)
    const amount = dollars(payment.amount)
    const sides = payment.type === 'debit' ? [amount, ''] : ['', amount]
    wanted.push([payment.createdAt.toISOString(), payment.id, ...sides, words[status] ?? status].join(' '))
  }
  const found = lines.map(([, made, , , id, debit, credit, , status]) => [made, id, debit, credit, status].join(' '))
  return compare(found, wanted)
}

/** The payouts of the day, and every movement that they pay out. */
function judgePayouts({ records }: Evidence, file: FileForMerchant, lines: string[][]): string[] {
  const wrong: string[] = []
  const totals = lines.filter(([record]) => record === 'TOTAL').map((cells) => `${cells[1]} ${cells[10]}`)
  const known = [...records.payouts.values()].filter(
    ({ merchant, day }) => merchant === file.merchant && day === file.day,
  )
  // One that was canceled after the file was made is in it.
  for (const { id, amount, status } of known)
    if (status !== 'canceled' && !totals.includes(`${id} ${dollars(amount)}`))
      wrong.push(`the payout ${id} is not in it`)
  for (const total of totals) {
    const [id = '', amount = ''] = total.split(' ')
    if (!known.some((one) => one.id === id)) wrong.push(`the payout ${id} is not of that day`)
    for (const record of ['SUMMARY', 'DETAIL']) {
      const sum = lines
        .filter((cells) => cells[0] === record && cells[1] === id)
        .reduce((cents, cells) => cents + BigInt((cells[10] ?? '').replace('.', '')), 0n)
      if (dollars(sum) !== amount) wrong.push(`the ${record} of ${id} is ${dollars(sum)}, of ${amount}`)
    }
  }
  return wrong
}

function compare(found: readonly string[], wanted: readonly string[]): string[] {
  const missing = wanted.filter((line) => !found.includes(line)).map((line) => `'${line}' is missing`)
  return [...missing, ...found.filter((line) => !wanted.includes(line)).map((line) => `'${line}' should not be there`)]
}

/** Cents as a decimal text. */
function dollars(cents: bigint): string {
  const [sign, whole] = cents < 0n ? ['-', -cents] : ['', cents]
  return `${sign}${whole / 100n}.${String(whole % 100n).padStart(2, '0')}`
}
