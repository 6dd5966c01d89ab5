import { describe, expect, it } from 'vitest'
import { Money } from '../../kernel/money.ts'
import { meaningOf } from './errors.ts'
import { hindrances, toAccount, toHolderNames, toNumbers } from './transform.ts'

const flat = {
  accountCategory: 'DEPOSIT_ACCOUNT',
  accountId: 'a-1',
  accountType: 'CHECKING',
  accountNumberDisplay: '****4321',
  productName: 'Everyday Checking',
  status: 'OPEN',
  currency: { currencyCode: 'USD' },
  currentBalance: 100.1,
  availableBalance: 90.07,
}
const { accountCategory: _, ...inside } = flat

describe('an account', () => {
  it('is the same flat in version 6 and wrapped in version 5', () => {
    const account = {
      ref: 'a-1',
      name: 'Everyday Checking',
      type: 'checking',
      lastFour: '4321',
      balance: Money.of(9007n),
      eligible: true,
      reason: null,
    }
    expect(toAccount(flat, 6)).toEqual(account)
    expect(toAccount({ depositAccount: inside }, 5)).toEqual(account)
  })

  it.each([
    [{ accountType: 'SAVINGS' }, 'savings', null],
    [{ accountType: 'CD' }, 'other', hindrances.kind],
    [{ accountType: 'MONEYMARKET' }, 'other', hindrances.kind],
    [{ accountCategory: 'LOC_ACCOUNT', accountType: 'CREDITCARD' }, 'other', hindrances.kind],
    [{ accountCategory: 'LOAN_ACCOUNT', accountType: 'CHECKING' }, 'other', hindrances.kind],
    [{ status: 'CLOSED' }, 'checking', hindrances.closed],
    [{ status: 'PENDINGCLOSE' }, 'checking', hindrances.closed],
    [{ status: undefined }, 'checking', hindrances.closed],
    [{ status: 'RESTRICTED' }, 'checking', hindrances.restricted],
    [{ currency: { currencyCode: 'CAD' } }, 'checking', hindrances.currency],
    [{ currency: undefined }, 'checking', hindrances.currency],
    [{ accountType: 'toString' }, 'other', hindrances.kind],
  ])('with %j is %s and may be used unless: %s', (change, type, reason) => {
    expect(toAccount({ ...flat, ...change }, 6)).toMatchObject({ type, reason, eligible: reason === null })
  })

  it.each([
    ['{"availableBalance":0.07,"currentBalance":1.00}', 7n],
    ['{"availableBalance":-0.05}', -5n],
    ['{"availableBalance":1}', 100n],
    ['{"availableBalance":1.1e2}', 11_000n],
    ['{"currentBalance":48250.75}', 4_825_075n],
    ['{"availableBalance":"7.00","currentBalance":8.10}', 810n],
    ['{"availableBalance":8.005}', null],
    ['{"availableBalance":1e300}', null],
    ['{}', null],
  ])('with %s has %s cents', (json, cents) => {
    const { currentBalance: _c, availableBalance: _a, ...rest } = flat
    const account = toAccount({ ...rest, ...(JSON.parse(json) as object) }, 6)
    expect(account?.balance?.minor ?? null).toBe(cents)
  })

  it('owes what a credit card calls its balance, so there is none', () => {
    expect(toAccount({ locAccount: { ...inside, accountType: 'CREDITCARD' } }, 5)?.balance).toBeNull()
  })

  it.each([
    ['****4321', '4321'],
    ['4321', '4321'],
    ['xxxx-xx-987', '987'],
    ['', ''],
    ['9'.repeat(65), ''],
  ])('shown as %s ends in %s', (accountNumberDisplay, lastFour) => {
    expect(toAccount({ ...flat, accountNumberDisplay }, 6)?.lastFour).toBe(lastFour)
  })

  it('is shown by the name its owner gave it, without tricks', () => {
    expect(toAccount({ ...flat, nickname: ' Bills\u202e\n\u0000 ' }, 6)?.name).toBe('Bills')
    expect(toAccount({ ...flat, productName: 7 }, 6)?.name).toBe('Checking')
    expect(toAccount({ ...flat, productName: 'x'.repeat(500) }, 6)?.name).toHaveLength(80)
  })

  it.each([{}, { ...flat, accountId: '' }, { ...flat, accountId: '..' }, { ...flat, accountId: 'x'.repeat(257) }])(
    'without a sensible id is none (%#)',
    (element) => expect(toAccount(element, 6)).toBeUndefined(),
  )

  it.each([{}, { depositAccount: null }, { depositAccount: [] }, { page: {} }])('is not %j in version 5', (element) =>
    expect(toAccount(element, 5)).toBeUndefined(),
  )
})

describe('payment numbers', () => {
  const ach = { type: 'US_ACH', bankId: '011111111', identifier: '1234567890', transferIn: true, transferOut: true }

  it('come from the ACH network that can be debited, past the others', () => {
    const networks = [{ ...ach, type: 'US_RTP' }, { ...ach, transferOut: false, identifier: '1' }, ach]
    expect(toNumbers(networks)).toEqual({ routingNumber: '011111111', accountNumber: '1234567890', tokenised: false })
  })

  it('say when they are tokens', () => {
    expect(toNumbers([{ ...ach, identifierType: 'TOKENIZED_ACCOUNT_NUMBER' }])?.tokenised).toBe(true)
    expect(toNumbers([{ ...ach, identifierType: 'ACCOUNT_NUMBER' }])?.tokenised).toBe(false)
  })

  it.each([
    { transferOut: false },
    { transferOut: 'true' },
    { type: 'US_RTP' },
    { bankId: '01111111' },
    { bankId: '011111112' },
    { bankId: '000000000' },
    { bankId: 11111111 },
    { identifier: '' },
    { identifier: '123456789012345678' },
    { identifier: "1'; drop" },
  ])('are none with %j', (change) => expect(toNumbers([{ ...ach, ...change }])).toBeUndefined())
})

describe('holder names', () => {
  it('are the owners, businesses and people, each once', () => {
    const holders = [
      { relationship: 'PRIMARY', name: { first: 'Ada', middle: 'King', last: 'Lovelace', suffix: 'Jr' } },
      { relationship: 'SECONDARY_JOINT', name: { first: 'Charles', last: 'Babbage' } },
      { relationship: 'AUTHORIZED_USER', name: { first: 'No', last: 'Owner' } },
      { relationship: 'FOR_BENEFIT_OF_PRIMARY', name: { first: 'No', last: 'Owner' } },
      { relationship: 'BUSINESS', type: 'BUSINESS', businessCustomer: { name: 'Engines LLC' } },
      { name: { first: 'Charles', last: 'Babbage' } },
      { name: { first: 7 } },
      'nonsense',
    ]
    expect(toHolderNames({ holders })).toEqual(['Ada King Lovelace Jr', 'Charles Babbage', 'Engines LLC'])
    expect(toHolderNames({})).toEqual([])
  })
})

it.each([
  [401, '603', 'unauthorized'],
  [401, undefined, 'unauthorized'],
  [403, '602', 'relink'],
  [403, 602, 'relink'],
  [403, '706', 'account_unusable'],
  [403, undefined, 'bank_unavailable'],
  [404, '601', 'relink'],
  [404, '701', 'account_unusable'],
  [404, 1107, 'nothing'],
  [404, undefined, 'bank_unavailable'],
  [409, '705', 'account_unusable'],
  [422, '704', 'account_unusable'],
  [400, '401', 'our_mistake'],
  [405, '1206', 'our_mistake'],
  [429, '1207', 'again'],
  [429, 1208, 'again'],
  [500, '500', 'again'],
  [500, '501', 'again'],
  [501, '1106', 'our_mistake'],
  [502, undefined, 'again'],
  [503, '503', 'again'],
  [302, undefined, 'bank_unavailable'],
  [418, { code: '602' }, 'bank_unavailable'],
])('HTTP %s with code %s means %s', (status, code, meaning) => {
  expect(meaningOf(status, code).meaning).toBe(meaning)
})
