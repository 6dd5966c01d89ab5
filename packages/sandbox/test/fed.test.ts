import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { numberOf, type Originator, openOriginator } from './pretend-originator.ts'

describe('a payment that goes well', () => {
  let bank: Originator
  beforeAll(async () => {
    bank = await openOriginator('2026-01-05 18:00')
  })
  afterAll(() => bank.close())

  it('is acknowledged a minute later, settles in the morning and moves the money', async () => {
    const [trace = ''] = await bank.send({ amount: 40_00n })
    expect(await bank.turn('2026-01-05 18:00')).toEqual([])
    expect(await bank.lie()).toEqual([])
    const [ack = ''] = await bank.turn('2026-01-05 18:01')
    expect(ack).toBe('ack-20260105T230100-0001.csv')
    expect(await bank.text(ack)).toBe(
      'FILE-ACKNOWLEDGMENT,1\n' +
        'immediate_origin,immediate_destination,creation_date,creation_time,file_id_modifier,status,entries,debits,' +
        'credits,message\n' +
        '1999999999,044444444,2026-01-05,18:00,A,accepted,1,40.00,0.00,\n',
    )
    expect(await bank.balance()).toBe('48250.75')
    const [advice = ''] = await bank.turn('2026-01-06 08:30')
    expect(await bank.text(advice)).toBe(
      'SETTLEMENT-ADVICE,1\n' +
        'settlement_date,immediate_origin,creation_date,file_id_modifier,batch_number,entries,debits,' +
        'credits,trace_number\n' +
        '2026-01-06,1999999999,2026-01-05,A,1,1,40.00,0.00,\n',
    )
    expect(await bank.balance()).toBe('48210.75')
    expect(await bank.cash()).toMatchObject({
      balance: '40.00',
      days: [{ day: '2026-01-06', opening: '0.00', credits: '40.00', debits: '0.00', closing: '40.00' }],
      movements: [{ kind: 'settlement', amount: '40.00', reference: advice }],
    })
    expect(await bank.entry(trace)).toMatchObject({ status: 'settled', settlementDate: '2026-01-06', posted: true })
    expect(await bank.turn('2026-04-30 12:00')).toEqual([])
  })
})

describe('settlement', () => {
  let bank: Originator
  beforeAll(async () => {
    bank = await openOriginator('2026-01-15 09:00')
  })
  afterAll(() => bank.close())

  it('keeps to the windows, the holidays and the limit of a day', async () => {
    const today = { effective: '2026-01-15' }
    await bank.send(
      { ...today, amount: 1_00n },
      { ...today, to: 'profile_mfa', amount: 1_000_000_01n, direction: 'credit', sec: 'PPD' },
    )
    expect((await bank.turn('2026-01-15 12:59')).map((name) => name.slice(0, 4))).toEqual(['ack-'])
    const [noon = ''] = await bank.turn('2026-01-15 13:00')
    expect(await bank.rows(noon)).toMatchObject([
      ['2026-01-15', '1999999999', '2026-01-05', 'A', '1', '1', '1.00', '0.00', ''],
    ])
    const [next = ''] = await bank.turn('2026-01-16 08:30')
    expect(await bank.rows(next)).toMatchObject([{ 0: '2026-01-16', 5: '1', 7: '1000000.01' }])
    await bank.turn('2026-01-16 17:00')
    // Monday is the birthday of Martin Luther King, Jr.
    await bank.send({ effective: '2026-01-17' }, { effective: '2026-01-19' })
    await bank.turn('2026-01-20 08:29')
    const [tuesday = ''] = await bank.turn('2026-01-20 08:30')
    expect(await bank.rows(tuesday)).toMatchObject([{ 0: '2026-01-20' }, { 0: '2026-01-20' }])
  })

  it('is at half past eight in New York on both sides of a change of the clock', async () => {
    await bank.turn('2026-03-06 18:00')
    await bank.send({ effective: '2026-03-09' })
    await bank.turn('2026-03-09 08:29')
    const [advice = ''] = await bank.turn('2026-03-09 08:30')
    expect(advice).toMatch(/^settlement-20260309T123000-/)
    await bank.turn('2026-10-30 18:00')
    await bank.send({ effective: '2026-11-02' })
    await bank.turn('2026-11-02 08:29')
    expect((await bank.turn('2026-11-02 08:30'))[0]).toMatch(/^settlement-20261102T133000-/)
  })

  it('advises batch by batch, debits and credits apart', async () => {
    await bank.turn('2026-11-02 18:00')
    const effective = '2026-11-03'
    await bank.send(
      { effective, amount: 10_00n },
      { effective, amount: 5_00n, to: 'profile_mfa' },
      { effective, amount: 3_00n, sec: 'PPD', description: 'REFUND', direction: 'credit' },
      { effective, company: 'OAK & THREAD', amount: 7_00n, bank: 'finbank-profiles-b' },
    )
    const [, advice = ''] = await bank.turn('2026-11-03 08:30')
    expect((await bank.rows(advice)).map((row) => row.slice(4, 8))).toEqual([
      ['1', '2', '15.00', '0.00'],
      ['2', '1', '0.00', '3.00'],
      ['3', '1', '7.00', '0.00'],
    ])
  })

  it('pays a merchant who banks where the platform does', async () => {
    const effective = '2026-11-04'
    const payout = { effective, number: '4400000001', routingNumber: '044444444', sec: 'CCD', description: 'PAYOUT' }
    await bank.send({ ...payout, direction: 'credit', amount: 900_00n, name: 'NORTHWIND COFFEE' })
    await bank.turn('2026-11-04 08:30')
    expect(await bank.balance('northwind', 'meridian')).toBe('13400.00')
  })
})

describe('a reversal', () => {
  let bank: Originator
  beforeAll(async () => {
    bank = await openOriginator('2026-01-05 18:00')
  })
  afterAll(() => bank.close())

  it('of a WEB debit is a WEB credit: its bank posts it, or sends it back', async () => {
    const before = await bank.balance()
    await bank.send({ amount: 40_00n })
    await bank.turn('2026-01-06 18:00')
    const reversal = { effective: '2026-01-07', direction: 'credit', description: 'REVERSAL', amount: 40_00n } as const
    const [, refused = ''] = await bank.send(reversal, { ...reversal, to: 'profile_closed' })
    const [ack = ''] = await bank.turn('2026-01-06 18:01')
    expect((await bank.rows(ack))[0]?.[5]).toBe('accepted')
    await bank.turn('2026-01-07 08:30')
    expect(await bank.balance()).toBe(before)
    expect(await bank.cameBack(await bank.turn('2026-01-08 08:30'))).toEqual([`R02 for ${refused}`])
    expect((await bank.cash()).balance).toBe('0.00')
  })
})

describe('a payment that does not go through', () => {
  const bad: readonly (readonly [string, string])[] = [
    ['profile_08', 'R01'],
    ['profile_drained', 'R01'],
    ['profile_closed', 'R02'],
    ['profile_unknown_number', 'R03'],
    ['profile_stopped', 'R08'],
    ['profile_frozen', 'R16'],
  ]
  let bank: Originator
  beforeAll(async () => {
    bank = await openOriginator('2026-01-05 18:00')
  })
  afterAll(() => bank.close())

  it('comes back the morning after it settled, from every bank, unposted', async () => {
    const slugs = ['finbank-oauth', 'finbank-profiles-a', 'finbank-profiles-b']
    const before = await bank.balance('profile_frozen')
    const wanted = slugs.flatMap((slug) => bad.map(([to, code]) => ({ slug, to, code })))
    const traces = await bank.send(...wanted.map(({ slug, to }) => ({ bank: slug, to })))
    expect(await bank.cameBack(await bank.turn('2026-01-07 08:29'))).toEqual([])
    const back = await bank.cameBack(await bank.turn('2026-01-07 08:30'))
    expect(back.toSorted()).toEqual(wanted.map(({ code }, index) => `${code} for ${traces[index]}`).toSorted())
    expect(await bank.balance('profile_frozen')).toBe(before)
    expect((await bank.cash()).balance).toBe('0.00')
  })

  it('is R04 for a number of an impossible shape, R03 for one nobody has, R20 for an account that cannot pay', async () => {
    await bank.turn('2026-01-07 18:00')
    const effective = '2026-01-08'
    const traces = await bank.send(
      { effective, number: '12345' },
      { effective, number: '4300012345' },
      { effective, number: '4200099999' },
      { effective, number: numberOf('finbank-profiles-a', 'profile_522', 'credit_card') },
      { effective, number: numberOf('finbank-profiles-a', 'profile_none', 'loan') },
    )
    expect(await bank.cameBack(await bank.turn('2026-01-09 08:30'))).toEqual(
      ['R04', 'R04', 'R03', 'R20', 'R20'].map((code, index) => `${code} for ${traces[index]}`),
    )
  })

  it('takes what is there, in the order of the file, and no more', async () => {
    await bank.control('/accounts/finbank-profiles-a/profile_slow/checking', 'PUT', { currentBalance: '100.00' })
    await bank.turn('2026-01-09 18:00')
    const to = { to: 'profile_slow', effective: '2026-01-12' }
    const traces = await bank.send({ ...to, amount: 60_00n }, { ...to, amount: 60_00n }, { ...to, amount: 40_00n })
    expect(await bank.cameBack(await bank.turn('2026-01-13 08:30'))).toEqual([`R01 for ${traces[1]}`])
    expect(await bank.balance('profile_slow')).toBe('0.00')
  })

  it('follows an account that was closed or frozen by hand, and one that is open again', async () => {
    const path = '/accounts/finbank-profiles-a/profile_slow_balance/checking'
    const send = async (status: string, day: string, next: string) => {
      expect((await bank.control(path, 'PUT', { status })).body.status).toBe(status)
      await bank.send({ to: 'profile_slow_balance', effective: day })
      return (await bank.cameBack(await bank.turn(`${next} 08:30`))).map((one) => one.slice(0, 3))
    }
    expect(await send('CLOSED', '2026-01-14', '2026-01-15')).toEqual(['R02'])
    expect(await send('RESTRICTED', '2026-01-16', '2026-01-20')).toEqual(['R16'])
    expect(await send('OPEN', '2026-01-21', '2026-01-22')).toEqual([])
    expect((await bank.control(path, 'PUT', { status: 'GONE' })).status).toBe(400)
  })

  it('sends credits back from closed accounts, and answers prenotes only when the account is wrong', async () => {
    await bank.turn('2026-01-22 18:00')
    const refund = { effective: '2026-01-23', direction: 'credit', sec: 'PPD', description: 'REFUND' } as const
    const prenote = { effective: '2026-01-23', purpose: 'prenote', sec: 'PPD' } as const
    const traces = await bank.send(
      { ...refund, to: 'profile_closed', amount: 12_00n },
      { ...refund, amount: 12_00n },
      prenote,
      { ...prenote, to: 'profile_unknown_number' },
    )
    const names = await bank.turn('2026-01-26 08:30')
    expect((await bank.cameBack(names)).toSorted()).toEqual([`R02 for ${traces[0]}`, `R03 for ${traces[3]}`])
    const file = await bank.returns(names.at(-1) ?? '')
    expect(file.batches.flatMap((batch) => batch.entries.map((entry) => entry.transactionCode))).toEqual([21, 26])
  })
})

describe('a return file', () => {
  it('looks as one of an operator does, down to the bytes', async () => {
    const bank = await openOriginator('2026-01-05 18:00')
    const traces = await bank.send(
      { to: 'profile_08', individualId: 'PAY-A', amount: 30_00n, name: 'MARCUS OYELARAN' },
      { bank: 'finbank-profiles-b', to: 'profile_08', individualId: 'PAY-B', amount: 31_00n },
      { to: 'profile_522', amount: 101_14n, individualId: 'PAY-C' },
      { to: 'profile_mfa', amount: 102_01n, individualId: 'PAY-D' },
      { routingNumber: '021000021', number: '123456', amount: 9_00n, individualId: 'PAY-E' },
    )
    await bank.turn('2026-01-06 08:29')
    const [advice = '', first = ''] = await bank.turn('2026-01-06 08:30')
    // What the operator refused is back before the rest settles, and is not in the advice.
    expect(await bank.rows(advice)).toMatchObject([{ 5: '4', 6: '264.15' }])
    expect(await bank.cameBack([first])).toEqual([`R13 for ${traces[4]}`])
    const [name = ''] = await bank.turn('2026-01-07 08:30')
    const file = await bank.returns(name)
    expect(file).toMatchObject({ agrees: true, findings: [] })
    expect(file.header).toMatchObject({ immediateOrigin: '044444444', immediateDestination: '1999999999' })
    expect(file.batches.map(({ header }) => header)).toMatchObject([
      { companyName: 'NORTHWIND COFFEE', secCode: 'WEB', settlementDay: '007', odfi: '01234567' },
      { companyName: 'NORTHWIND COFFEE', secCode: 'WEB', settlementDay: '007', odfi: '09876543' },
      { companyName: 'NORTHWIND COFFEE', secCode: 'COR', settlementDay: '007', odfi: '01234567' },
    ])
    const [a, b, c, d] = file.batches
      .flatMap((batch) => batch.entries)
      .toSorted((one, other) => (one.individualId < other.individualId ? -1 : 1))
    expect(a).toMatchObject({
      ...{ transactionCode: 26, rdfi: '044444444', amount: 30_00n, individualName: 'MARCUS OYELARAN' },
      ...{ accountNumber: numberOf('finbank-profiles-a', 'profile_08'), discretionary: 'S' },
      addenda: { kind: 'return', code: 'R01', originalTrace: traces[0], originalRdfi: '01234567' },
    })
    expect(a?.traceNumber).toMatch(/^01234567\d{7}$/)
    expect(b?.traceNumber).toMatch(/^09876543\d{7}$/)
    expect(c).toMatchObject({ addenda: { code: 'R14', dateOfDeath: '2025-12-23' } })
    expect(d).toMatchObject({ amount: 0n, addenda: { kind: 'change', code: 'C01', originalTrace: traces[3] } })
    expect((await bank.cash()).balance).toBe('102.01')
    await bank.close()
  })
})
