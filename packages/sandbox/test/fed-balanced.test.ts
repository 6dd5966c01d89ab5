import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Draft, type Originator, openOriginator } from './pretend-originator.ts'

let bank: Originator
beforeEach(async () => {
  bank = await openOriginator('2026-01-05 18:00')
})
afterEach(() => bank.close())

/** The platform's own account at Meridian, as docs/internals/outside-world.md publishes it. */
const offset = (amount: bigint, more: Partial<Draft> = {}): Draft => ({
  ...{ routingNumber: '044444444', number: '4400000000', name: 'RIALTO', individualId: 'OFFSET' },
  ...{ direction: 'credit', amount },
  ...more,
})

describe('a balanced file', () => {
  it('moves the money of the platform once, by the offset, which is no part of the advice', async () => {
    await bank.send({ amount: 40_00n }, { amount: 2_00n, to: 'profile_mfa' }, offset(42_00n))
    const [ack = ''] = await bank.turn('2026-01-05 18:01')
    expect((await bank.rows(ack))[0]?.slice(5, 9)).toEqual(['accepted', '3', '42.00', '42.00'])
    const [advice = ''] = await bank.turn('2026-01-06 08:30')
    expect((await bank.rows(advice)).map((row) => row.slice(4))).toEqual([['1', '2', '42.00', '0.00', '']])
    expect(await bank.cash()).toMatchObject({
      balance: '42.00',
      movements: [{ kind: 'settlement', amount: '42.00', reference: advice }],
    })
  })

  it('takes from the platform what its credits give', async () => {
    const refund = { sec: 'PPD', description: 'REFUND' } as const
    await bank.send({ ...refund, direction: 'credit', amount: 3_00n }, offset(3_00n, { ...refund, direction: 'debit' }))
    await bank.turn('2026-01-06 08:30')
    expect((await bank.cash()).balance).toBe('-3.00')
  })

  it('is whole although entries come back, which the returns put right', async () => {
    const [, drained = ''] = await bank.send(
      { amount: 10_00n, routingNumber: '021000021' },
      { amount: 5_00n, to: 'profile_drained' },
      { amount: 1_00n },
      offset(16_00n),
    )
    const morning = await bank.turn('2026-01-06 08:30')
    const advice = morning.find((name) => name.startsWith('settlement-')) ?? ''
    expect((await bank.rows(advice))[0]?.slice(5, 8)).toEqual(['2', '6.00', '0.00'])
    // All sixteen came with the offset, and the ten of the bank that nobody knows went back the same morning.
    expect((await bank.cash()).balance).toBe('6.00')
    expect(await bank.cameBack(await bank.turn('2026-01-07 08:30'))).toEqual([`R01 for ${drained}`])
    expect((await bank.cash()).balance).toBe('1.00')
  })

  it('is posted with its batch on the same day, however much the offset comes to', async () => {
    await bank.turn('2026-01-06 09:00')
    const today = { effective: '2026-01-06', direction: 'credit', sec: 'PPD', description: 'REFUND' } as const
    const each = { ...today, amount: 600_000_00n }
    await bank.send(each, { ...each, to: 'profile_mfa' }, offset(1_200_000_00n, { ...today, direction: 'debit' }))
    await bank.turn('2026-01-06 13:00')
    expect((await bank.cash()).balance).toBe('-1200000.00')
  })

  it('gives the offset back when it is asked to, money and all', async () => {
    const [, trace = ''] = await bank.send({ amount: 40_00n }, offset(40_00n))
    await bank.turn('2026-01-06 08:30')
    expect((await bank.control(`/fed/entries/${trace}/return`, 'POST', { code: 'R16' })).status).toBe(200)
    expect(await bank.cameBack(await bank.fresh())).toEqual([`R16 for ${trace}`])
    expect((await bank.cash()).balance).toBe('0.00')
  })

  it('is refused when the offset is not what balances it', async () => {
    await bank.send({ amount: 40_00n }, offset(39_99n))
    const [ack = ''] = await bank.turn('2026-01-05 18:01')
    expect(await bank.text(ack)).toMatch(/rejected,2,40.00,39.99,"line 5: the batch has an offset entry/)
  })

  it('is refused when the WEB credit goes to somebody else', async () => {
    await bank.send({ amount: 40_00n }, { amount: 40_00n, direction: 'credit', to: 'profile_mfa' })
    const [ack = ''] = await bank.turn('2026-01-05 18:01')
    expect(await bank.text(ack)).toMatch(/rejected,.*line 4: .*a credit, in a WEB batch/)
  })
})
