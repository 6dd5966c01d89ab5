import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { turnable } from '../../test/advance.ts'
import { rows } from '../../test/answer.ts'
import { openTestApi, type TestApi } from '../../test/test-api.ts'
import { transact } from '../db/connect.ts'
import { openHttpWorld } from './http-world.ts'

/** What the outside world was asked, and what it says. */
let asked: { line: string; body: unknown }[]
let say: { status: number; body: unknown }
let server: Server
let t: TestApi

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    asked.push({ line: `${request.method} ${request.url}`, body: text ? JSON.parse(text) : null })
    response.writeHead(say.status, { 'content-type': 'application/json' })
    response.end(say.status === 204 ? undefined : JSON.stringify(say.body))
  }).listen(0)
  const world = openHttpWorld(`http://localhost:${(server.address() as AddressInfo).port}`)
  t = await openTestApi({}, ({ house, clock }) => ({
    ...{ house, clock: turnable(clock), world, nextCutOff: () => undefined },
    ...{ collect: async () => undefined, entryOf: async () => ({ traceNumber: '044444440000001', bankId: 'x' }) },
  }))
})
beforeEach(() => {
  asked = []
  say = { status: 200, body: {} }
})
afterAll(async () => {
  await t.close()
  server.closeAllConnections()
  server.close()
})

const call = (method: string, path: string, body?: object) =>
  t.merchant.call(method, `/v1/sandbox/${path}`, body ? { body } : {})

it('publishes the amounts that mean something', async () => {
  const { body } = await call('GET', 'magic-amounts')
  expect(rows(body.data).map(({ amounts }) => String(amounts))).toEqual(['101.NN', '102.NN', '103.NN'])
  expect(asked).toEqual([])
})

it('hands a rule to the outside world and shows those in force', async () => {
  const rule = { match: { amount: '42.00' }, outcome: { kind: 'return', code: 'R02', afterBankingDays: 2 } }
  say = { status: 201, body: { id: 'r1', ...rule, timesLeft: 1 } }
  const sent = { match: rule.match, outcome: { ...rule.outcome, kind: 'RETURN', code: 'r02' }, times: 1 }
  const added = await call('POST', 'rules', sent)
  expect([added.status, added.body]).toEqual([201, { id: 'r1', ...rule, times: 1 }])
  expect(asked).toEqual([{ line: 'POST /control/fed/rules', body: { ...rule, times: 1 } }])

  say = { status: 200, body: { rules: [{ id: 'r1', ...rule, timesLeft: null }] } }
  expect((await call('GET', 'rules')).body).toEqual({ data: [{ id: 'r1', ...rule }] })

  say = { status: 204, body: null }
  expect((await call('DELETE', 'rules/r1')).status).toBe(204)
  say = { status: 404, body: { message: 'there is no such rule' } }
  expect((await call('DELETE', 'rules/r1')).status).toBe(404)
})

it('refuses a rule that makes no sense before it is sent', async () => {
  const outcome = { kind: 'return', code: 'R01' }
  for (const [body, pointer] of [
    [{ match: {}, outcome }, '/match'],
    [{ match: { amount: 42 }, outcome }, '/match/amount'],
    [{ match: { amount: '42' }, outcome }, '/match/amount'],
    [{ match: { name: 'x' }, outcome: { kind: 'vanish', code: 'R01' } }, '/outcome/kind'],
    [{ match: { name: 'x' }, outcome: { ...outcome, afterDays: 1, afterBankingDays: 1 } }, '/outcome'],
    [{ match: { name: 'x' }, outcome: { ...outcome, correctedData: '27' } }, '/outcome/correctedData'],
    [{ match: { name: 'x' }, outcome, times: 0 }, '/times'],
  ] as const) {
    const answer = await call('POST', 'rules', body)
    expect([answer.status, rows(answer.body.errors)[0]?.pointer]).toEqual([400, pointer])
  }
  expect(asked).toEqual([])
})

it('tells what the outside world did not understand', async () => {
  say = { status: 400, body: { message: 'outcome.code is one of R01, R02' } }
  const { status, body } = await call('POST', 'rules', {
    ...{ match: { name: 'x' }, outcome: { kind: 'return', code: 'R99' } },
  })
  expect(status).toBe(400)
  expect(body.errorMessage).toContain('outcome.code is one of R01, R02')
})

it('lets things go wrong between us and our bank, and right again', async () => {
  say = { status: 201, body: { id: 'f1', kind: 'deliver_twice', report: 'returns', timesLeft: 2 } }
  const added = await call('POST', 'faults', { kind: 'DELIVER_TWICE', report: 'returns', times: 2 })
  expect([added.status, added.body]).toEqual([201, { id: 'f1', kind: 'deliver_twice', report: 'returns', times: 2 }])
  say = { status: 200, body: { faults: [{ id: 'f1', kind: 'bank_down', report: null, timesLeft: null }] } }
  expect((await call('GET', 'faults')).body).toEqual({ data: [{ id: 'f1', kind: 'bank_down' }] })
  say = { status: 200, body: { cleared: 1 } }
  expect((await call('DELETE', 'faults')).status).toBe(204)
  expect(asked.map(({ line }) => line)).toEqual([
    ...['POST /control/fed/faults', 'GET /control/fed/faults', 'DELETE /control/fed/faults'],
  ])
  expect((await call('POST', 'faults', { kind: 'meteor' })).status).toBe(400)
  expect((await call('POST', 'faults', { kind: 'bank_down', report: 'gossip' })).status).toBe(400)
})

it('speaks of entries by their trace number, and understands a no', async () => {
  const { customerId } = await t.merchant.link()
  const id = String((await t.merchant.pay(customerId, 1)).body.paymentId)
  // A wish waits until nothing is left to do, and no worker is there to do it.
  await t.runJobs()
  say = { status: 200, body: { wrote: 1 } }
  expect((await call('POST', `payments/${id}/return`, { code: 'R01' })).status).toBe(200)
  expect(asked).toEqual([{ line: 'POST /control/fed/entries/044444440000001/return', body: { code: 'R01' } }])
  say = { status: 409, body: { message: 'it has come back', possible: ['correct'] } }
  expect((await call('POST', `payments/${id}/settle`)).body).toMatchObject({ possible: ['correct'] })
  say = { status: 404, body: { message: 'there is no such entry' } }
  expect((await call('POST', `payments/${id}/settle`)).status).toBe(409)
})

it('turns the outside world’s clock with ours', async () => {
  const now = t.clock.now.toISOString()
  say = { status: 200, body: { now, standing: true, nextDueAt: null, wrote: 0 } }
  expect((await t.merchant.call('PUT', '/v1/sandbox/clock', { body: { standing: true } })).status).toBe(200)
  expect(asked[1]).toEqual({ line: 'PUT /control/clock', body: { now, standing: true } })
})

it.each([
  ['answers with an error', { status: 500, body: { message: 'starting' } }],
  ['tells no time', { status: 200, body: {} }],
])('does not rely on an outside world that %s', async (_how, answer) => {
  say = answer
  const { status, body } = await t.merchant.call('PUT', '/v1/sandbox/clock', { body: { standing: true } })
  expect([status, String(body.errorCode)]).toEqual([503, 'OUTSIDE_WORLD_UNREACHABLE'])
})

it('is never called from inside a transaction, and says so when nobody listens', async () => {
  const nowhere = openHttpWorld('http://127.0.0.1:9')
  await expect(nowhere.clock()).rejects.toMatchObject({ code: 'outside_world_unreachable' })
  await expect(transact(t.house.sql, () => nowhere.clock())).rejects.toThrow('never used inside a transaction')
})
