import { expect } from 'vitest'
import { chooseAndAuthorize, consent, findBank, press, signInHere } from './flow.steps.ts'
import { type Visitor, world } from './journey.ts'
import { somebody } from './merchant.ts'
import { keepSecret } from './secrets.ts'

/** What a customer does in the demo store, by the labels of its README. */

export const harborBlend = 'Harbor Blend'
/** Costs more than the sandbox lets anybody pay at once. */
export const laRegina = 'La Regina'

/** A new customer, who has put something into the cart and stands at the checkout. Answers their email. */
export async function goToCheckout(visitor: Visitor, product: string, shop = world.store): Promise<string> {
  const { page } = visitor
  const { firstName, lastName, email } = somebody()
  const password = `four words for ${email}`
  keepSecret(world, password)
  await page.goto(`${shop}/sign-up`)
  await visitor.see('Create account')
  await page.getByLabel('First name').fill(firstName)
  await page.getByLabel('Last name').fill(lastName)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await press(visitor, 'Create account')
  await visitor.see(/^Coffee for people/)
  await press(visitor, `Add to cart: ${product}`)
  await visitor.see('Cart')
  await page.getByRole('link', { name: 'Checkout' }).click()
  await visitor.see('Checkout')
  return email
}

/** From the shop's checkout into the flow. */
export async function payByBank(visitor: Visitor): Promise<void> {
  await press(visitor, 'Pay by Bank')
  await visitor.pass('Pay from your bank')
}

/** A new customer at the checkout with a linked bank, one that signs in by user name. Answers their email. */
export async function linkFromShop(
  visitor: Visitor,
  product: string,
  bank: string,
  login: string,
  shop = world.store,
): Promise<string> {
  const email = await goToCheckout(visitor, product, shop)
  await payByBank(visitor)
  await consent(visitor)
  await findBank(visitor, bank)
  await signInHere(visitor, login)
  await chooseAndAuthorize(visitor)
  await backInShop(visitor)
  return email
}

export async function backInShop(visitor: Visitor): Promise<void> {
  await visitor.see('Checkout')
  await visitor.page.getByText('Your bank is linked. Check your order and pay.').waitFor()
}

/** Presses the button that names the amount and the account. Answers the number of the order. */
export async function pay(visitor: Visitor, amount: string, account: RegExp): Promise<string> {
  const button = visitor.page.getByRole('button', { name: `Pay ${amount} from` })
  expect(await button.textContent()).toMatch(account)
  await button.click()
  await visitor.page.waitForURL(/\/orders\/NW-\d+$/)
  return orderOf(visitor)
}

const orderOf = ({ page }: Visitor): string => new URL(page.url()).pathname.split('/').at(-1) ?? ''
