import { expect, it } from 'vitest'
import { hashSecret, hintOf, isOneOf, secretBytes, writeSecret } from './secret.ts'

const secret = writeSecret('rialto_live_', Buffer.alloc(secretBytes, 7))

it('names its deployment, and is long enough that nobody guesses it', () => {
  expect(secret).toMatch(/^rialto_live_[A-Za-z0-9_-]{43}$/)
  expect(hintOf(secret)).toBe(secret.slice(-4))
})

it('is found whether it is the first of a client’s secrets or the second', () => {
  const other = hashSecret('other')
  expect(isOneOf([hashSecret(secret), other], secret)).toBe(true)
  expect(isOneOf([other, hashSecret(secret)], secret)).toBe(true)
  expect(isOneOf([hashSecret(secret)], secret)).toBe(true)
})

it.each([[[]], [[hashSecret('other')]], [['']], [['not a hash']], [[hashSecret(secret).slice(1)]]])(
  'is not found among %j',
  (hashes) => {
    expect(isOneOf(hashes, secret)).toBe(false)
    expect(isOneOf(hashes, '')).toBe(false)
  },
)
