import { expect } from 'vitest'
import { type Visitor, world } from './journey.ts'
import { keepSecret } from './secrets.ts'

/** What a customer does in the hosted flow and at the pretend banks, by the labels they read. */

export const oauthBank = 'Finbank OAuth'
export const bankA = 'FinBank Profiles - A'
export const bankB = 'FinBank Profiles - B'

/** The address the browser SDK opens. */
export const doorOf = (sessionKey: string, redirect = `${world.store}/`): string =>
  `${world.client}/?${new URLSearchParams({ sessionKey, redirect, environment: 'sandbox', version: 'web-v0.1.0' })}`

/** Waits until the address is at a step of the flow, such as `bank`. */
export const at = ({ page }: Visitor, step: string): Promise<void> =>
  page.waitForURL(({ pathname }) => pathname.startsWith('/s/') && pathname.endsWith(`/${step}`))

/** Where the flow is now, as its address says. */
export const stepOf = ({ page }: Visitor): string => new URL(page.url()).pathname.split('/').at(-1) ?? ''

export const press = ({ page }: Visitor, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()

export async function consent(visitor: Visitor): Promise<void> {
  await visitor.see('Pay from your bank')
  await press(visitor, 'Continue')
  await visitor.see('Find your bank')
}

/** Types into the search, which need not be spelt right, and takes the bank. */
export async function findBank(visitor: Visitor, name: string, typed = name): Promise<void> {
  const { page } = visitor
  await page.getByRole('combobox', { name: 'Bank name' }).fill(typed)
  await page.getByRole('heading', { level: 2, name: 'Best matches' }).waitFor()
  await page.getByRole('option', { name }).click()
  await at(visitor, 'sign-in')
}

/** At a bank that signs in by user name: the fields are in the flow itself. */
export async function signInHere(visitor: Visitor, login: string, password = login): Promise<void> {
  const { page } = visitor
  keepSecret(world, password)
  await page.getByLabel('User name').fill(login)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await press(visitor, 'Sign in')
}

/** Over the bank's own site: its sign-in and its consent page. */
export async function signInThere(visitor: Visitor, login: string): Promise<void> {
  await visitor.see(`Continue at ${oauthBank}`)
  await visitor.page.getByRole('link', { name: `Continue to ${oauthBank}` }).click()
  await visitor.see(`Sign in to ${oauthBank}`)
  expect(new URL(visitor.page.url()).origin).toBe(world.banks)
  await signInHere(visitor, login)
  await visitor.see('Rialto would like to see some of your data')
  await press(visitor, 'Allow')
  await at(visitor, 'accounts')
}

export const enterCode = async (visitor: Visitor, label: string, code: string): Promise<void> => {
  await visitor.page.getByLabel(label).fill(code)
  await press(visitor, 'Continue')
}

/** From the accounts to the end: takes the account that is offered, or another one, and authorizes. */
export async function chooseAndAuthorize(visitor: Visitor, account?: RegExp): Promise<void> {
  await visitor.see('Choose an account')
  if (account) await visitor.page.getByRole('radio', { name: account }).click()
  await press(visitor, 'Continue')
  await visitor.see('Review and authorize')
  await press(visitor, 'Authorize and link')
  await visitor.pass('Your account is linked')
}

/** A whole link at a bank that signs in by user name, from the door. */
export async function linkAt(visitor: Visitor, bank: string, login = 'profile_522'): Promise<void> {
  await consent(visitor)
  await findBank(visitor, bank)
  await visitor.see(`Sign in to ${bank}`)
  await signInHere(visitor, login)
  await chooseAndAuthorize(visitor)
}

/** Where the merchant gets the customer back, with what the platform says about them. */
export async function comesBack({ page }: Visitor, to: string): Promise<URLSearchParams> {
  await page.waitForURL((url) => url.href.startsWith(to) && url.searchParams.has('status'))
  return new URL(page.url()).searchParams
}
