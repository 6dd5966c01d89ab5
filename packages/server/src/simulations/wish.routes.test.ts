import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { turnable } from '../../test/advance.ts'
import { rows } from '../../test/answer.ts'
import { type FakeWorld, openFakeWorld } from '../../test/fake-world.ts'
import { openTestApi, type TestApi } from '../../test/test-api.ts'
import { Refusal } from '../kernel/refusal.ts'

const trace = '044444440000001'
const cutOff = new Date('2026-01-05T22:00:00.000Z')

let t: TestApi
let world: FakeWorld
let sent: Set<string>
let collected: (string | undefined)[]
let paymentId: string

beforeAll(async () => {
  t = await openTestApi({}, ({ house, clock }) => {
    world = openFakeWorld(clock.now)
    return {
      ...{ house, clock: turnable(clock), world, nextCutOff: () => cutOff },
      collect: async (bankId) => void collected.push(bankId),
      entryOf: async (id) => (sent.has(id) ? { traceNumber: trace, bankId: 'meridian' } : undefined),
    }
  })
  const { customerId } = await t.merchant.link()
  paymentId = String((await t.merchant.pay(customerId, 10)).body.paymentId)
  // A wish waits until nothing is left to do, and no worker is there to do it.
  await t.runJobs()
})
beforeEach(() => {
  sent = new Set([paymentId])
  collected = []
  world.told.length = 0
  Object.assign(world, { answer: { kind: 'done', wrote: 1 }, broken: undefined })
})
afterAll(() => t.close())

const wish = (what: string, body?: object, id = paymentId) =>
  t.merchant.call('POST', `/v1/sandbox/payments/${id}/${what}`, body ? { body } : {})

it('settles a payment now: tells the bank by its trace number, fetches what it says, and answers the state', async () => {
  const { status, body } = await wish('settle')
  expect(status).toBe(200)
  expect(body).toEqual({ paymentId, transactionStatus: 'AUTHORIZED', traceNumber: trace })
  expect(world.told).toEqual([`settle ${trace}`])
  expect(collected).toEqual(['meridian'])
})

it('lets a payment come back with a code, and with the bank’s own words', async () => {
  await wish('return', { code: 'r01' })
  await wish('return', { code: 'R10', addendaInformation: 'NEVER HEARD OF THEM' })
  expect(world.told).toEqual([
    `return ${trace} {"code":"R01"}`,
    `return ${trace} {"code":"R10","addendaInformation":"NEVER HEARD OF THEM"}`,
  ])
})

it.each([
  [{ code: 'C01', accountNumber: '1234567' }, '1234567'],
  [{ code: 'C02', routingNumber: '021000021' }, '021000021'],
  [{ code: 'C03', routingNumber: '021000021', accountNumber: '99' }, '021000021   99'],
  [{ code: 'C04', name: 'ADA BYRON' }, 'ADA BYRON'],
  [{ code: 'c05', accountType: 'Savings' }, '37'],
  [{ code: 'C06', accountNumber: '1234567', accountType: 'checking' }, '1234567             27'],
  [
    { code: 'C07', routingNumber: '021000021', accountNumber: '1234567', accountType: 'savings' },
    '0210000211234567          37',
  ],
  [{ code: 'C09', individualId: 'ORDER 7' }, 'ORDER 7'],
  [{ code: 'C05', correctedData: '27' }, '27'],
  [{ code: 'C13', correctedData: 'AS IT IS' }, 'AS IT IS'],
])('notifies of a change: %j', async (body, correctedData) => {
  expect((await wish('correct', body)).status).toBe(200)
  const code = body.code.toUpperCase()
  expect(world.told).toEqual([`correct ${trace} ${JSON.stringify({ code, correctedData })}`])
})

it('leaves it to the bank what it says is right, when nothing is said', async () => {
  await wish('correct', { code: 'C05' })
  expect(world.told).toEqual([`correct ${trace} {"code":"C05"}`])
})

it('refuses what a bank could not say, and points at it', async () => {
  const pointers = async (what: string, body: object) =>
    rows((await wish(what, body)).body.errors).map(({ pointer }) => String(pointer))
  expect(await pointers('return', {})).toEqual(['/code'])
  expect(await pointers('return', { code: 'C01' })).toEqual(['/code'])
  expect(await pointers('return', { code: 'R01', addendaInformation: 'ü' })).toEqual(['/addendaInformation'])
  expect(await pointers('correct', { code: 'C07', name: 'X' })).toEqual(['/routingNumber'])
  expect(await pointers('correct', { code: 'C06', accountNumber: '7' })).toEqual(['/accountType'])
  expect(await pointers('correct', { code: 'C04', accountNumber: '7' })).toEqual(['/name'])
  expect(await pointers('correct', { code: 'C13', name: 'X' })).toEqual(['/correctedData'])
  expect(await pointers('correct', { code: 'C05', accountType: 'brokerage' })).toEqual(['/accountType'])
  expect(world.told).toEqual([])
})

it('says what is possible with a payment that was not sent yet', async () => {
  sent.clear()
  const { status, body } = await wish('settle')
  expect(status).toBe(409)
  expect(body).toMatchObject({
    errorCode: 'SIMULATION_IMPOSSIBLE',
    possible: ['cancel', 'advance the clock to the cut-off at 2026-01-05T22:00:00.000Z'],
  })
  sent.add(paymentId)
  world.answer = { kind: 'unknown' }
  expect((await wish('settle')).status).toBe(409)
  expect(collected).toEqual([])
})

it('passes on what the bank says is possible', async () => {
  world.answer = { kind: 'impossible', why: 'it has come back', possible: ['correct'] }
  const { status, body } = await wish('return', { code: 'R01' })
  expect([status, rows(body.possible).map(String)]).toEqual([409, ['correct']])
})

it('knows nothing of the payments of other merchants, or of none', async () => {
  const other = await t.newMerchant()
  expect((await other.call('POST', `/v1/sandbox/payments/${paymentId}/settle`)).status).toBe(404)
  expect((await wish('settle', undefined, 'x')).status).toBe(404)
  expect(world.told).toEqual([])
})

it('says that the outside world is not there', async () => {
  world.broken = new Refusal('outside_world_unreachable')
  expect((await wish('settle')).body).toMatchObject({ errorCode: 'OUTSIDE_WORLD_UNREACHABLE' })
})
