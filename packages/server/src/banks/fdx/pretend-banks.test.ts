import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bankConnectorContract } from '../bank-connector.contract.ts'
import { openPretendBanks } from './pretend-banks.fixture.ts'

describe('the FDX connector at the pretend banks', () => {
  bankConnectorContract(['finbank-oauth', 'finbank-profiles-a', 'finbank-profiles-b'], openPretendBanks)
})

describe('a pretend bank with a fault', () => {
  let banks: Awaited<ReturnType<typeof openPretendBanks>>
  beforeAll(async () => {
    banks = await openPretendBanks()
  }, 90_000)
  afterAll(() => banks.close())

  it.each([
    ['html_502', 'payment-networks', 'ok'],
    ['too_many_requests', 'payment-networks', 'ok'],
    ['not_authenticated', 'payment-networks', 'ok'],
    ['empty_networks', 'payment-networks', 'account_unusable'],
    ['no_ach', 'payment-networks', 'account_unusable'],
    ['no_debits', 'payment-networks', 'account_unusable'],
    ['account_closed', 'payment-networks', 'account_unusable'],
    ['account_locked', 'payment-networks', 'account_unusable'],
    ['version_not_supported', 'payment-networks', 'bank_unavailable'],
  ])('%s once at %s is %s', async (kind, resource, expected) => {
    const bank = 'finbank-profiles-b'
    const answer = await banks.connector.signIn(bank, { username: 'profile_522', password: 'profile_522' })
    if (answer.kind !== 'signed_in') throw new Error(answer.kind)
    const ref = answer.accounts.find(({ eligible }) => eligible)?.ref ?? ''
    await banks.fault({ bank, kind, resource, times: 1 })
    const numbers = await banks.connector.numbers(bank, answer.grant, ref, async () => undefined)
    expect(numbers.kind).toBe(expected)
  })

  it('still lets a customer in when its list of accounts never ends', async () => {
    const bank = 'finbank-profiles-a'
    await banks.fault({ bank, kind: 'repeated_cursor', resource: 'accounts', times: 2 })
    const answer = await banks.connector.signIn(bank, { username: 'profile_522', password: 'profile_522' })
    expect(answer.kind).toBe('signed_in')
  })

  it('gives tokenised numbers, new at each consent, where it keeps the real ones', async () => {
    const bank = 'finbank-oauth'
    const numbers = await Promise.all(
      ['one', 'two'].map(async (state) => {
        const begun = await banks.connector.begin(bank, state)
        if (begun.kind !== 'redirect') throw new Error(begun.kind)
        const query = await banks.visit(begun.redirectTo, 'profile_522', 'allow')
        const answer = await banks.connector.finish(bank, begun.secret, query)
        if (answer.kind !== 'signed_in') throw new Error(answer.kind)
        const ref = answer.accounts.find(({ eligible }) => eligible)?.ref ?? ''
        const found = await banks.connector.numbers(bank, answer.grant, ref, async () => undefined)
        return found.kind === 'ok' ? found.value : undefined
      }),
    )
    expect(numbers).toMatchObject([{ tokenised: true }, { tokenised: true }])
    expect(numbers[0]?.accountNumber).not.toBe(numbers[1]?.accountNumber)
  })
})
