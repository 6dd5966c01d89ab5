import { readCorrection } from '@rialto/nacha'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { numberOf, type Originator, openOriginator } from './pretend-originator.ts'
import { call } from './pretend-platform.ts'

let bank: Originator
beforeAll(async () => {
  bank = await openOriginator('2026-01-05 18:00')
})
afterAll(() => bank.close())

const changesIn = async (names: readonly string[]) => {
  const files = await Promise.all(names.filter((name) => name.startsWith('returns-')).map(bank.returns))
  return files
    .flatMap((file) => file.batches.flatMap((batch) => batch.entries.map((entry) => entry.addenda)))
    .flatMap((addenda) => (addenda?.kind === 'change' ? [addenda] : []))
}

describe('magic amounts', () => {
  it('bring a return the day after, or on the 59th day, when the money goes back to the customer', async () => {
    const before = await bank.balance()
    const traces = await bank.send({ amount: 101_09n }, { amount: 103_10n }, { amount: 101_99n })
    expect(await bank.cameBack(await bank.turn('2026-01-07 08:30'))).toEqual([`R09 for ${traces[0]}`])
    expect(await bank.balance()).toBe('48045.66')
    expect(await bank.entry(traces[1] ?? '')).toMatchObject({ status: 'settled', possible: ['return', 'correct'] })
    // 59 days after Tuesday, 6 January.
    expect(await bank.cameBack(await bank.turn('2026-03-06 08:29'))).toEqual([])
    expect(await bank.cameBack(await bank.turn('2026-03-06 08:30'))).toEqual([`R10 for ${traces[1]}`])
    expect(Number(await bank.balance())).toBeCloseTo(Number(before) - 101.99)
  })

  it('raise a notification of change whose data leads to the same account', async () => {
    const codes = ['C01', 'C02', 'C03', 'C04', 'C05', 'C06', 'C07', 'C09', 'C13', 'C14']
    await bank.turn('2026-03-09 18:00')
    const effective = '2026-03-10'
    const drafts = codes.map((code) => ({ effective, amount: 102_00n + BigInt(code.slice(1)), to: 'profile_mfa' }))
    await bank.send(...drafts)
    const changes = await changesIn(await bank.turn('2026-03-11 08:30'))
    expect(changes.map(({ code }) => code)).toEqual(codes)
    const said = new Map(changes.map(({ code, correctedData }) => [code, readCorrection(code, correctedData)]))
    expect(said.get('C02')).toEqual({ routingNumber: '066666666' })
    expect(said.get('C04')).toEqual({ individualName: 'NOOR HADDAD' })
    expect(said.get('C05')).toEqual({ transactionCode: 37 })
    expect(said.get('C07')).toMatchObject({ routingNumber: '066666666', transactionCode: 37 })
    const before = Number(await bank.balance('profile_mfa'))
    const { accountNumber = '', routingNumber = '' } = said.get('C03') ?? {}
    await bank.send({ effective: '2026-03-12', number: accountNumber, routingNumber, amount: 1_00n })
    expect(await bank.cameBack(await bank.turn('2026-03-13 08:30'))).toEqual([])
    expect(Number(await bank.balance('profile_mfa'))).toBeCloseTo(before - 1)
  })

  it('let a bank correct a transaction code by itself, and pay', async () => {
    const before = Number(await bank.balance('profile_mfa', 'finbank-profiles-a', 'savings'))
    const number = numberOf('finbank-profiles-a', 'profile_mfa', 'savings')
    await bank.send({ effective: '2026-03-16', number, kind: 'checking', amount: 2_00n })
    const changes = await changesIn(await bank.turn('2026-03-17 08:30'))
    expect(changes).toMatchObject([{ code: 'C05', correctedData: expect.stringMatching(/^37/) }])
    expect(Number(await bank.balance('profile_mfa', 'finbank-profiles-a', 'savings'))).toBeCloseTo(before - 2)
  })
})

describe('an account that moved', () => {
  it('is paid from under its old number for six months, with a notification of the new one', async () => {
    await bank.turn('2026-03-17 18:00')
    const old = numberOf('finbank-profiles-a', 'profile_moved')
    const to = { to: 'profile_moved', effective: '2026-03-18' }
    await bank.send({ ...to, amount: 1_00n }, { ...to, amount: 2_00n })
    const changes = await changesIn(await bank.turn('2026-03-19 08:30'))
    const numbers = changes.map(({ code, correctedData }) => readCorrection(code, correctedData)?.accountNumber)
    expect(changes.map(({ code }) => code)).toEqual(['C01', 'C01'])
    expect(new Set(numbers).size).toBe(1)
    expect(numbers[0]).not.toBe(old)
    const { body } = await bank.control(`/accounts/finbank-profiles-a/profile_moved/checking`)
    expect(body).toMatchObject({ accountNumber: numbers[0], availableBalance: '9652.31' })
    const found = await bank.control(`/accounts?routingNumber=012345672&accountNumber=${old}`)
    expect(found.body.accountNumber).toBe(numbers[0])
    await bank.send({ effective: '2026-03-20', number: numbers[0] ?? '' })
    expect(await bank.cameBack(await bank.turn('2026-03-23 08:30'))).toEqual([])
    await bank.send({ effective: '2026-03-24', number: old })
    expect(await changesIn(await bank.turn('2026-03-25 08:30'))).toMatchObject([{ code: 'C01' }])
    await bank.turn('2026-09-21 18:00')
    const [late] = await bank.send({ effective: '2026-09-22', number: old })
    expect(await bank.cameBack(await bank.turn('2026-09-23 08:30'))).toEqual([`R03 for ${late}`])
  })

  it('moves again after it was linked again, stand-ins for numbers too', async () => {
    const { finish } = await bank.sandbox.walkRedirect('profile_moved')
    const { access_token: token } = await finish()
    const read = async (path: string) => (await call(bank.sandbox.api('finbank-oauth'), path, token)).body
    const id = (await read('/accounts')).accounts[0].accountId
    const numbers = async () => (await read(`/accounts/${id}/payment-networks`)).paymentNetworks[0]
    const { bankId: routingNumber, identifier: number } = await numbers()
    expect(routingNumber).toBe('022222222')
    await bank.send({ effective: '2026-09-24', routingNumber, number })
    const [change] = await changesIn(await bank.turn('2026-09-25 08:30'))
    const fresh = readCorrection('C01', change?.correctedData ?? '')?.accountNumber
    expect(fresh).toMatch(/^9\d{10}$/)
    expect((await numbers()).identifier).toBe(fresh)
    await bank.send({ effective: '2026-09-28', routingNumber, number: fresh ?? '' })
    expect(await bank.cameBack(await bank.turn('2026-09-29 08:30'))).toEqual([])
    await bank.turn('2026-09-29 18:00')
    await bank.sandbox.walkRedirect('profile_moved')
    await bank.send({ effective: '2026-09-30', routingNumber, number: fresh ?? '' })
    expect(await changesIn(await bank.turn('2026-10-01 08:30'))).toHaveLength(1)
  })
})

describe('a customer who always disputes', () => {
  it('does so on the 59th day; the bank pays back at once and says R10 in its next file', async () => {
    await bank.turn('2026-10-01 18:00')
    const [trace = ''] = await bank.send({ effective: '2026-10-02', to: 'profile_disputes' })
    await bank.turn('2026-10-02 08:30')
    expect(await bank.balance('profile_disputes')).toBe('14263.09')
    // The 59th day is a Monday.
    expect(await bank.cameBack(await bank.turn('2026-11-30 09:59'))).toEqual([])
    await bank.turn('2026-11-30 10:00')
    expect(await bank.balance('profile_disputes')).toBe('14288.09')
    expect(await bank.cameBack(await bank.turn('2026-12-01 08:30'))).toEqual([`R10 for ${trace}`])
  })
})

describe('rules', () => {
  it('win over magic amounts, which win over what the account says', async () => {
    await bank.turn('2026-12-01 18:00')
    const made = await bank.control('/fed/rules', 'POST', {
      match: { name: 'Ada Byron', amount: '101.01' },
      outcome: { kind: 'return', code: 'R29' },
      times: 1,
    })
    expect(made).toMatchObject({ status: 201, body: { match: { amount: '101.01' }, timesLeft: 1 } })
    const effective = '2026-12-02'
    const traces = await bank.send(
      { effective, amount: 101_01n },
      { effective, amount: 101_01n },
      { effective, amount: 101_20n, to: 'profile_closed' },
    )
    const back = await bank.cameBack(await bank.turn('2026-12-03 08:30'))
    expect(back).toEqual([`R29 for ${traces[0]}`, `R01 for ${traces[1]}`, `R20 for ${traces[2]}`])
    expect((await bank.control('/fed/rules')).body.rules).toEqual([])
  })

  it('delay a return, and word a correction', async () => {
    await bank.control('/fed/rules', 'DELETE')
    const rule = (match: object, outcome: object) => bank.control('/fed/rules', 'POST', { match, outcome })
    const data = 'MY OWN WORDS'
    await rule({ individualId: 'SLOW' }, { kind: 'return', code: 'R02', afterBankingDays: 4 })
    await rule({ individualId: 'WORDS' }, { kind: 'correct', code: 'C04', correctedData: data })
    const effective = '2026-12-04'
    const [slow] = await bank.send({ effective, individualId: 'SLOW' }, { effective, individualId: 'WORDS' })
    const monday = await bank.turn('2026-12-07 08:30')
    expect(await changesIn(monday)).toMatchObject([{ code: 'C04', correctedData: data }])
    expect(await bank.cameBack(await bank.turn('2026-12-10 08:29'))).toEqual([])
    expect(await bank.cameBack(await bank.turn('2026-12-10 08:30'))).toEqual([`R02 for ${slow}`])
    expect((await bank.control('/fed/rules', 'DELETE')).body).toEqual({ cleared: 2 })
  })

  it('are read strictly, and deleted one by one', async () => {
    const post = (body: object) => bank.control('/fed/rules', 'POST', body)
    const outcome = { kind: 'return', code: 'R01' }
    for (const [body, says] of [
      [{ match: { colour: 'red' }, outcome }, 'not colour'],
      [{ match: { amount: 'much' }, outcome }, 'match.amount is dollars'],
      [{ match: {}, outcome: { kind: 'return', code: 'R99' } }, 'outcome.code'],
      [{ match: {}, outcome, times: 0 }, 'times is'],
    ] as const) {
      const refused = await post(body)
      expect(refused.status).toBe(400)
      expect(refused.body.message).toContain(says)
    }
    const { body } = await post({ match: { amount: 25 }, outcome })
    expect((await bank.control(`/fed/rules/${body.id}`, 'DELETE')).status).toBe(204)
    expect((await bank.control(`/fed/rules/${body.id}`, 'DELETE')).status).toBe(404)
  })
})
