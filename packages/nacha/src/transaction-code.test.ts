import { expect, it } from 'vitest'
import { describeTransactionCode, isDebitCode, transactionCode } from './transaction-code.ts'

it('has a code for each kind of entry, and knows what each code is', () => {
  const codes = []
  for (const account of ['checking', 'savings', 'ledger', 'loan'] as const)
    for (const direction of ['credit', 'debit'] as const)
      for (const purpose of ['live', 'prenote', 'zero', 'return'] as const) {
        if (account === 'loan' && direction === 'debit' && (purpose === 'prenote' || purpose === 'zero')) continue
        const code = transactionCode({ account, direction, purpose })
        expect(describeTransactionCode(code)).toEqual({ account, direction, purpose })
        codes.push(code)
      }
  expect(codes).toEqual([
    ...[22, 23, 24, 21, 27, 28, 29, 26, 32, 33, 34, 31, 37, 38, 39, 36],
    ...[42, 43, 44, 41, 47, 48, 49, 46, 52, 53, 54, 51, 55, 56],
  ])
})

it('means live money unless told otherwise', () => {
  expect(transactionCode({ account: 'checking', direction: 'debit' })).toBe(27)
  expect(transactionCode({ account: 'savings', direction: 'credit', purpose: undefined })).toBe(32)
})

it('refuses what has no code, and describes no code that is none', () => {
  expect(() => transactionCode({ account: 'loan', direction: 'debit', purpose: 'prenote' })).toThrow(RangeError)
  for (const code of [0, 20, 25, 30, 57, 58, 81, 99, 100, -1, 27.5, Number.NaN])
    expect(describeTransactionCode(code)).toBeUndefined()
})

it('counts returns on the side of what they return', () => {
  expect([21, 31, 41, 51].map(isDebitCode)).toEqual([false, false, false, false])
  expect([26, 36, 46, 56, 55].map(isDebitCode)).toEqual([true, true, true, true, true])
  expect([81, 82, 87, 88, 30, 35].map(isDebitCode)).toEqual([false, true, false, true, false, true])
})
