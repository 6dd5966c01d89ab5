import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { type MandateFacts, mandateText, mandateVersion, verificationText } from './mandate-text.ts'

const facts: MandateFacts = {
  ...{ merchantName: 'Corner Store', customerName: 'Ada Byron', bankName: 'Harbor Bank', accountType: 'checking' },
  ...{ accountName: 'Everyday', lastFour: '4321', day: '2026-01-05' },
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex')

it('says what an authorization for internet debits has to say', () => {
  const text = mandateText(facts)
  expect(text).toMatch(
    /^I, Ada Byron, authorize Corner Store to debit my checking account "Everyday" ending in 4321 at Harbor Bank/,
  )
  expect(text).toMatch(/electronically \(ACH debit\)/)
  expect(text).toMatch(/in the amount and on or after the day I approve/)
  expect(text).toMatch(/presented again, at most twice/)
  expect(text).toMatch(/revoke it at any time by telling Corner Store/)
  expect(text).toMatch(/dispute a debit I did not authorize/)
  expect(text).toMatch(/agree to this electronically on 2026-01-05 and can keep a copy/)
})

it('says of an account that is only verified that it cannot be debited', () => {
  expect(verificationText(facts)).toMatch(/does not allow anybody to debit the account/)
  expect(verificationText(facts)).not.toMatch(/authorize Corner Store to debit/)
})

it('differs with every fact, so that the text is evidence of all of them', () => {
  for (const write of [mandateText, verificationText]) {
    const changes = Object.keys(facts).map((name) => ({
      ...facts,
      [name]: name === 'accountType' ? 'savings' : 'other',
    }))
    const hashes = new Set([facts, ...changes].map((one) => hash(write(one))))
    expect(hashes.size).toBe(8)
  }
})

it('changes its version with its wording: whoever changes the text counts up the version, and this hash', () => {
  expect([mandateVersion, hash(mandateText(facts)), hash(verificationText(facts))]).toMatchInlineSnapshot(`
    [
      "2026-11",
      "cca66aa7589978007a710e934db648cee3e57a28d33a77aac4a22c40009b94c6",
      "cab458e89247cf158d8803dadb42946066029d84654bc0022be8e9353e6f15ff",
    ]
  `)
})
