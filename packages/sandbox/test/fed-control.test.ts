import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, type Originator, openOriginator, originatorOf } from './pretend-originator.ts'
import { openTestSandbox } from './test-sandbox.ts'

let bank: Originator
beforeAll(async () => {
  bank = await openOriginator('2026-01-05 18:00')
})
afterAll(() => bank.close())

const step = (trace: string, what: string, body: object = {}) =>
  bank.control(`/fed/entries/${trace}/${what}`, 'POST', body)

describe('the clock', () => {
  it('says where it stands and what comes next, and never turns back', async () => {
    const start = at('2026-01-05 18:00').toISOString()
    expect((await bank.control('/clock')).body).toEqual({ now: start, standing: true, nextDueAt: null })
    await bank.send({ to: 'profile_08' })
    expect((await bank.control('/clock')).body).toMatchObject({ nextDueAt: start })
    const turned = await bank.control('/clock', 'PUT', { now: start })
    expect(turned.body).toEqual({
      ...{ now: start, standing: true, wrote: 0 },
      nextDueAt: at('2026-01-05 18:01').toISOString(),
    })
    const later = await bank.control('/clock', 'PUT', { now: at('2026-01-07 12:00').toISOString(), standing: true })
    expect(later.body).toMatchObject({ wrote: 3, nextDueAt: null })
    const back = await bank.control('/clock', 'PUT', { now: start })
    expect(back).toMatchObject({ status: 409, body: { message: expect.stringContaining('never turns back') } })
    expect((await bank.control('/clock')).body.now).toBe(at('2026-01-07 12:00').toISOString())
  })

  it('refuses what is no instant', async () => {
    for (const body of [{}, { now: 'tomorrow' }, { now: 5 }, { standing: 'yes' }, { now: '2226-01-01T00:00:00Z' }])
      expect((await bank.control('/clock', 'PUT', body)).status, JSON.stringify(body)).toBe(400)
  })

  it('is where it was after a restart', async () => {
    await bank.sandbox.restart()
    expect((await bank.control('/clock')).body).toMatchObject({
      now: at('2026-01-07 12:00').toISOString(),
      standing: true,
    })
  })
})

describe('a clock that runs', () => {
  it('does by itself what is due, and what is asked twice it does once', async () => {
    let now = at('2026-01-05 18:00').getTime()
    const other = originatorOf(await openTestSandbox({ now: () => new Date(now), tickMs: 20 }))
    try {
      await other.send({ to: 'profile_08' })
      await expect.poll(other.lie, { timeout: 10_000 }).toEqual([])
      await expect.poll(async () => (await other.control('/clock')).body.nextDueAt).not.toBeNull()
      now += 61_000
      await expect.poll(other.fresh, { timeout: 10_000 }).toHaveLength(1)
      const target = { now: at('2026-01-07 09:00').toISOString(), standing: false }
      const turns = await Promise.all([1, 2, 3].map(() => other.control('/clock', 'PUT', target)))
      expect(turns.map(({ status }) => status)).toEqual([200, 200, 200])
      expect(turns.reduce((sum, { body }) => sum + body.wrote, 0)).toBe(2)
      now += 1_000
      expect((await other.control('/clock')).body.now).toBe('2026-01-07T14:00:01.000Z')
    } finally {
      await other.close()
    }
  })
})

describe('an entry', () => {
  it('is settled out of turn, once', async () => {
    await bank.fresh()
    const [trace = ''] = await bank.send({ effective: '2026-01-09', amount: 15_00n })
    await bank.turn('2026-01-07 12:02')
    expect(await bank.entry(trace)).toMatchObject({
      status: 'waiting',
      possible: ['settle', 'return'],
      amount: '15.00',
    })
    expect(await step(trace, 'correct', { code: 'C01' })).toMatchObject({
      status: 409,
      body: { message: 'the entry is waiting: correct is not possible', possible: ['settle', 'return'] },
    })
    expect(await step(trace, 'settle')).toMatchObject({ status: 200, body: { wrote: 1 } })
    const [advice = ''] = await bank.fresh()
    expect(await bank.rows(advice)).toMatchObject([{ 0: '2026-01-07', 5: '1', 6: '15.00', 8: trace }])
    expect(await step(trace, 'settle')).toMatchObject({ status: 409, body: { possible: ['return', 'correct'] } })
  })

  it('is returned before it settles, and then never does', async () => {
    const [trace = ''] = await bank.send({ effective: '2026-01-09', amount: 16_00n })
    await bank.turn('2026-01-07 12:10')
    const before = await bank.cash()
    const answer = await step(trace, 'return', { code: 'R04', addendaInformation: 'WRONG BRANCH' })
    expect(answer.body).toEqual({ wrote: 1 })
    const [file = ''] = await bank.fresh()
    const [batch] = (await bank.returns(file)).batches
    expect(batch?.entries[0]?.addenda).toMatchObject({ code: 'R04', information: 'WRONG BRANCH' })
    expect(await bank.turn('2026-01-12 12:00')).toEqual([])
    expect((await bank.cash()).balance).toBe(before.balance)
    expect(await step(trace, 'return', { code: 'R04' })).toMatchObject({ status: 409, body: { possible: [] } })
  })

  it('is returned and corrected for sixty days after it settled, money and all', async () => {
    const before = await bank.balance('profile_mfa')
    const [trace = ''] = await bank.send({ effective: '2026-01-13', amount: 20_00n, to: 'profile_mfa' })
    await bank.turn('2026-01-13 12:00')
    expect((await step(trace, 'correct', { code: 'C04', correctedData: 'NOOR HADDAD' })).body).toEqual({ wrote: 1 })
    expect((await step(trace, 'correct', { code: 'C05' })).body).toEqual({ wrote: 1 })
    await bank.turn('2026-03-14 12:00')
    expect((await bank.entry(trace)).answers).toMatchObject([{ code: 'C04' }, { code: 'C05' }])
    expect((await step(trace, 'return', { code: 'R11' })).body).toEqual({ wrote: 1 })
    expect(await bank.balance('profile_mfa')).toBe(before)
    expect(await bank.entry(trace)).toMatchObject({ status: 'returned', possible: [] })
  })

  it('stands for good after that', async () => {
    const [trace = ''] = await bank.send({ effective: '2026-03-16', amount: 20_00n })
    await bank.turn('2026-05-16 12:00')
    const late = await step(trace, 'return', { code: 'R10' })
    expect(late).toMatchObject({
      status: 409,
      body: { message: 'the entry is settled: return is not possible', possible: [] },
    })
  })

  it('is found by its trace number only, and asked in words that exist', async () => {
    expect((await bank.control('/fed/entries/999')).status).toBe(404)
    expect((await step('999', 'settle')).status).toBe(404)
    expect((await step('999', 'return', { code: 'R61' })).status).toBe(400)
    expect((await step('999', 'return', { code: 'R01', addendaInformation: 'é' })).status).toBe(400)
    expect((await step('999', 'correct', { code: 'C61' })).status).toBe(400)
  })
})
