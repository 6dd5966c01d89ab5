import { describe, expect, it } from 'vitest'
import { forgetBalance } from './database.ts'
import {
  at,
  bankA,
  bankB,
  chooseAndAuthorize,
  consent,
  findBank,
  oauthBank,
  signInHere,
  signInThere,
} from './flow.steps.ts'
import { browsers, devices, type Visitor } from './journey.ts'
import { paymentFor } from './merchant.ts'
import { backInShop, goToCheckout, harborBlend, laRegina, linkFromShop, pay, payByBank } from './shop.steps.ts'

const visit = browsers()

const ways: [string, string, string, (visitor: Visitor) => Promise<void>][] = [
  ['the bank’s own site', oauthBank, 'finbnak oauht', (visitor) => signInThere(visitor, 'profile_522')],
  ['a user name at a bank of FDX 6', bankA, 'finbank profles a', (visitor) => signInHere(visitor, 'profile_522')],
  ['a user name at a bank of FDX 5', bankB, 'fibank profiles b', (visitor) => signInHere(visitor, 'profile_522')],
]

describe.each(devices)('a customer of the shop, on a %s', (device) => {
  it.each(ways)('links by %s, pays, and is thanked', (_, bank, typed, signIn) =>
    visit({ device }, async (visitor) => {
      await goToCheckout(visitor, harborBlend)
      await payByBank(visitor)
      await consent(visitor)
      await findBank(visitor, bank, typed)
      await signIn(visitor)
      await chooseAndAuthorize(visitor)
      await backInShop(visitor)
      const order = await pay(visitor, '$18.40', new RegExp(`${bank}\\s••••\\s\\d{4}$`))
      await visitor.see('Thank you')

      const payment = await paymentFor(order)
      expect(payment).toMatchObject({
        paymentStatus: 'AUTHORIZED',
        accountDetails: { financialInstitutionName: bank },
        lifecycle: [{ status: 'CREATED' }, { status: 'AUTHORIZED' }],
        decision: { outcome: 'approved' },
      })
      expect(payment.decision?.rules.map(({ outcome }) => outcome)).not.toContain('failed')
      expect(payment.decision?.rules.length).toBeGreaterThan(3)
    }),
  )

  it('is told that an espresso machine is more than can be paid at once, and may use another bank', () =>
    visit({ device }, async (visitor) => {
      await linkFromShop(visitor, laRegina, bankA, 'profile_522')
      const order = await pay(visitor, '$9,450.00', /Profiles - A/)
      await visitor.see('The payment did not go through')
      await visitor.page.getByText('This is more than your bank lets you pay in one payment.').waitFor()
      const { paymentStatus, errorDetails, decision } = await paymentFor(order)
      expect(paymentStatus).toBe('TERMINAL_FAILED')
      expect(errorDetails?.errorMessage).toBe('Transaction amount is greater than the limit.')
      expect(decision?.rules.find(({ outcome }) => outcome === 'failed')?.rule).toMatch(/limit/)

      await visitor.page.getByRole('button', { name: 'Choose another bank' }).click()
      await at(visitor, 'consent')
    }))

  it('is told that there is not enough money in the account', () =>
    visit({ device }, async (visitor) => {
      await linkFromShop(visitor, harborBlend, bankB, 'profile_08')
      const order = await pay(visitor, '$18.40', /Profiles - B/)
      await visitor.see('The payment did not go through')
      await visitor.page.getByText('There was not enough money in the account.').waitFor()
      expect(await paymentFor(order)).toMatchObject({
        paymentStatus: 'TERMINAL_FAILED',
        decision: { outcome: 'declined' },
      })
    }))
})

it('shows a payment that waits for the bank as waiting, and then as approved', () =>
  visit({ device: 'phone' }, async (visitor) => {
    await forgetBalance(await linkFromShop(visitor, harborBlend, bankA, 'profile_slow_balance'))
    const order = await pay(visitor, '$18.40', /Profiles - A/)
    await visitor.see('We are confirming with your bank')
    expect((await paymentFor(order)).paymentStatus).toBe('PENDING')
    await visitor.see('Thank you')
    expect((await paymentFor(order)).paymentStatus).toBe('AUTHORIZED')
  }))
