import { expect, it } from 'vitest'
import { asDay } from '../kernel/banking-day.ts'
import { instantsOf, isOver, isPeriod, nextTry, reportName } from './report.ts'
import { spansOf } from './transactions.csv.ts'

const day = (text: string) => ({ firstDay: asDay(text), lastDay: asDay(text) })
const days = (first: string, last: string) => ({ firstDay: asDay(first), lastDay: asDay(last) })

it.each([
  ['Corner Store', 'Corner Store_Transactions_2026-01-05.csv'],
  ['A/B\\C: "D" <E>', 'A-B-C- -D- -E-_Transactions_2026-01-05.csv'],
  ['../../etc/passwd', '-..-etc-passwd_Transactions_2026-01-05.csv'],
  ['. .hidden', 'hidden_Transactions_2026-01-05.csv'],
  ['...', 'Merchant_Transactions_2026-01-05.csv'],
  ['line\nbreak\u202e', 'line-break-_Transactions_2026-01-05.csv'],
  ['Müller & Söhne', 'Müller & Söhne_Transactions_2026-01-05.csv'],
])('names a file of %j so that every file system takes it', (merchant, name) => {
  expect(reportName(merchant, 'transactions', day('2026-01-05'))).toBe(name)
})

it('cuts a long name between characters and within what drops take', () => {
  const name = reportName('🏪'.repeat(50), 'payout', days('2026-01-05', '2026-01-11'))
  expect(name).toBe(`${'🏪'.repeat(30)}_Payout_2026-01-05_2026-01-11.csv`)
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200)
})

it('reckons days in New York, also those of 23 and 25 hours', () => {
  const hours = (text: string) => {
    const { from, until } = instantsOf(day(text))
    return (until.getTime() - from.getTime()) / 3_600_000
  }
  expect(instantsOf(day('2026-01-05')).from.toISOString()).toBe('2026-01-05T05:00:00.000Z')
  expect([hours('2026-01-05'), hours('2026-03-08'), hours('2026-11-01')]).toEqual([24, 23, 25])
})

it('takes a period for over ten minutes after midnight, and periods of 31 days at most', () => {
  expect(isOver(day('2026-01-05'), new Date('2026-01-06T05:09:59Z'))).toBe(false)
  expect(isOver(day('2026-01-05'), new Date('2026-01-06T05:10:00Z'))).toBe(true)
  expect(isPeriod(days('2026-01-01', '2026-01-31'))).toBe(true)
  expect(isPeriod(days('2026-01-01', '2026-02-01'))).toBe(false)
  expect(isPeriod(days('2026-01-02', '2026-01-01'))).toBe(false)
})

it('tries a delivery again after a minute, five, half an hour, two hours, then every six hours for two days', () => {
  const start = new Date('2026-01-06T11:00:00Z')
  const minutes: number[] = []
  for (let attempts = 1, at = start; ; attempts++) {
    const next = nextTry(attempts, at)
    if (!next) break
    minutes.push((next.getTime() - at.getTime()) / 60_000)
    at = next
  }
  expect(minutes).toEqual([1, 5, 30, 120, 360, 360, 360, 360, 360, 360, 360])
  expect(minutes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(48 * 60)
})

it('joins periods that touch, whatever their order, and leaves gaps', () => {
  const spans = spansOf([day('2026-01-07'), day('2026-01-05'), day('2026-01-06'), day('2026-01-09')])
  expect(spans.map(({ from, until }) => [new Date(from).toISOString(), new Date(until).toISOString()])).toEqual([
    ['2026-01-05T05:00:00.000Z', '2026-01-08T05:00:00.000Z'],
    ['2026-01-09T05:00:00.000Z', '2026-01-10T05:00:00.000Z'],
  ])
})
