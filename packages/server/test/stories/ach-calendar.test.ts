import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../test-api.ts'
import { testBank } from '../test-bank-settings.ts'

let t: TestApi
const path = '/v1/rails/ach/calendar'

beforeAll(async () => {
  const windows = [{ from: '2022-03-18', cutOffs: [{ at: '18:00', speed: 'standard' }] }]
  const second = testBank({ id: 'harbor', name: 'Harbor Bank', immediateOrigin: '1400000002', windows })
  t = await openTestApi({}, undefined, { originatingBanks: [testBank(), second] })
})
beforeEach(() => t.house.sql`update merchant set originating_bank = null`)
afterAll(() => t.close())

const days = async (query: string) => (await t.merchant.get(`${path}?${query}`)).body.days as unknown as Day[]
type Day = {
  date: string
  isBankingDay: boolean
  holiday?: string
  cutOffs: { at: string; speed: string; effectiveDate: string; expectedSettlement: string }[]
}

it('tells today and the ten banking days ahead', async () => {
  const { status, body } = await t.merchant.get(path)
  expect(status).toBe(200)
  expect(body.timeZone).toBe('America/New_York')
  const told = body.days as unknown as Day[]
  expect([told[0]?.date, told.at(-1)?.date]).toEqual(['2026-01-05', '2026-01-20'])
  expect(told.filter(({ isBankingDay }) => isBankingDay)).toHaveLength(11)
  expect(told.find(({ holiday }) => holiday)).toEqual({
    ...{ date: '2026-01-19', isBankingDay: false, holiday: 'Birthday of Martin Luther King, Jr.', cutOffs: [] },
  })
})

it('tells each cut-off of a day, what its file says, and when it settles', async () => {
  expect(await days('from=2026-11-25&days=1')).toEqual([
    {
      date: '2026-11-25',
      isBankingDay: true,
      cutOffs: [
        ['2026-11-25T15:00:00.000Z', 'same_day', '2026-11-25', '2026-11-25T18:00:00.000Z'],
        ['2026-11-25T19:15:00.000Z', 'same_day', '2026-11-25', '2026-11-25T22:00:00.000Z'],
        ['2026-11-25T21:15:00.000Z', 'same_day', '2026-11-25', '2026-11-25T23:00:00.000Z'],
        ['2026-11-26T01:00:00.000Z', 'standard', '2026-11-27', '2026-11-27T13:30:00.000Z'],
      ].map(([at, speed, effectiveDate, expectedSettlement]) => ({ at, speed, effectiveDate, expectedSettlement })),
    },
  ])
})

it('tells the windows of the bank that sends for the merchant', async () => {
  await t.house.sql`update merchant set originating_bank = 'harbor' where id = ${t.merchant.id}`
  const [monday] = await days('from=2026-01-05&days=1')
  expect(monday?.cutOffs).toMatchObject([
    { at: '2026-01-05T23:00:00.000Z', expectedSettlement: '2026-01-06T13:30:00.000Z' },
  ])
})

it('tells four hundred days at most, and answers every scope', async () => {
  expect(await days('days=400')).toHaveLength(400)
  for (const scope of ['Link-Core', 'Link-Payment'])
    expect((await t.merchant.call('GET', `${path}?days=1`, { scope })).status).toBe(200)
})

it.each([
  ['days=401', '?days'],
  ['days=0', '?days'],
  ['days=-1', '?days'],
  ['days=ten', '?days'],
  ['from=2026-02-30', '?from'],
  ['from=tomorrow', '?from'],
  ['from=2026-01-05T00:00:00Z', '?from'],
])('refuses %s', async (query, pointer) => {
  const { status, body } = await t.merchant.get(`${path}?${query}`)
  expect([status, body.errorCode, body.errors]).toMatchObject([400, 'INVALID_REQUEST', [{ pointer }]])
})

it('asks for a token', async () => {
  expect((await fetch(t.apiUrl + path)).status).toBe(401)
})
