import { expect, it } from 'vitest'
import {
  at,
  bankA,
  bankB,
  chooseAndAuthorize,
  comesBack,
  consent,
  doorOf,
  enterCode,
  findBank,
  oauthBank,
  press,
  signInHere,
  signInThere,
} from './flow.steps.ts'
import { browsers, type Visitor, world } from './journey.ts'
import { openSession } from './merchant.ts'

const visit = browsers()
/** What a bank's own page answers to a wrong password or code. */
const refusedThere = /status of 422/

async function goToBank(visitor: Visitor, bank: string): Promise<void> {
  await visitor.page.goto(doorOf(await openSession()))
  await consent(visitor)
  await findBank(visitor, bank)
}

async function isLinked(visitor: Visitor): Promise<void> {
  const back = await comesBack(visitor, `${world.store}/`)
  expect(back.get('status')).toBe('200')
  expect(back.get('customerId')).toHaveLength(36)
}

it('a wrong password is said at the field, and the right one goes on', () =>
  visit({ device: 'phone' }, async (visitor) => {
    const { page } = visitor
    await goToBank(visitor, bankA)
    await signInHere(visitor, 'profile_522', 'not-the-right-one')
    await page.getByRole('alert').waitFor()
    await visitor.see(`Sign in to ${bankA}`)
    expect(await page.getByLabel('User name').inputValue()).toBe('profile_522')
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('')
    await signInHere(visitor, 'profile_522')
    await chooseAndAuthorize(visitor)
    await isLinked(visitor)
  }))

it('a password that is never right leads to another bank', () =>
  visit({}, async (visitor) => {
    await goToBank(visitor, bankB)
    await signInHere(visitor, 'profile_wrong')
    await visitor.page.getByRole('alert').waitFor()
    await press(visitor, 'Choose another bank')
    await findBank(visitor, bankA)
    await signInHere(visitor, 'profile_522')
    await chooseAndAuthorize(visitor)
    await isLinked(visitor)
  }))

it('a wrong code may be tried again, and another account than the one offered be taken', () =>
  visit({ device: 'phone' }, async (visitor) => {
    await goToBank(visitor, bankB)
    await signInHere(visitor, 'profile_mfa')
    await visitor.see('Enter your code')
    await enterCode(visitor, '6-digit code', '000000')
    await visitor.page.getByRole('alert').waitFor()
    await visitor.see('Enter your code')
    await enterCode(visitor, '6-digit code', '123456')
    await chooseAndAuthorize(visitor, /Savings/)
    await isLinked(visitor)
  }))

it('a wrong password and a wrong code may be tried again at the bank’s own site', () =>
  visit({ expected: [refusedThere] }, async (visitor) => {
    const { page } = visitor
    await goToBank(visitor, oauthBank)
    await page.getByRole('link', { name: `Continue to ${oauthBank}` }).click()
    await signInHere(visitor, 'profile_mfa', 'not-the-right-one')
    await page.getByText('We could not sign you in.').waitFor()
    await visitor.see(`Sign in to ${oauthBank}`)
    await signInHere(visitor, 'profile_mfa')
    await visitor.see('Enter your code')
    await enterCode(visitor, 'Six-digit code', '000000')
    await page.getByText('You can try 2 more times.').waitFor()
    await visitor.see('Enter your code')
    await enterCode(visitor, 'Six-digit code', '123456')
    await visitor.see('Rialto would like to see some of your data')
    for (const account of await page.getByRole('checkbox').all()) await account.uncheck()
    await press(visitor, 'Allow')
    await page.getByText('Choose at least one account, or select Deny.').waitFor()
    await visitor.see('Rialto would like to see some of your data')
    await page.getByRole('checkbox', { name: /Savings/ }).check()
    await press(visitor, 'Allow')
    await visitor.see('Choose an account')
    expect(await page.getByRole('radio').count()).toBe(1)
    await chooseAndAuthorize(visitor)
    await isLinked(visitor)
  }))

it('a locked account is said, and leads to another bank', () =>
  visit({}, async (visitor) => {
    await goToBank(visitor, bankA)
    await signInHere(visitor, 'profile_locked')
    await visitor.page.getByRole('alert').getByText('Nothing has been linked.').waitFor()
    await visitor.see(`Sign in to ${bankA}`)
    await press(visitor, 'Choose another bank')
    await visitor.see('Find your bank')
  }))

it('a bank without a usable account leads to another bank, and to the end', () =>
  visit({ device: 'phone' }, async (visitor) => {
    await goToBank(visitor, bankA)
    await signInHere(visitor, 'profile_none')
    await visitor.see('No account can be used')
    await press(visitor, 'Choose another bank')
    await findBank(visitor, bankB)
    await signInHere(visitor, 'profile_522')
    await chooseAndAuthorize(visitor)
    await isLinked(visitor)
  }))

it('a bank that goes down may be tried again, or another one taken', () =>
  visit({}, async (visitor) => {
    await goToBank(visitor, bankB)
    await signInHere(visitor, 'profile_offline')
    await visitor.see(`We can’t reach ${bankB}`)
    await press(visitor, 'Try again')
    await visitor.see(`Sign in to ${bankB}`)
    await signInHere(visitor, 'profile_offline')
    await visitor.pass(`We can’t reach ${bankB}`)
    await press(visitor, 'Choose another bank')
    await findBank(visitor, oauthBank)
    await signInThere(visitor, 'profile_522')
    await chooseAndAuthorize(visitor)
    await isLinked(visitor)
  }))

it('saying no at the bank’s own site leads back to the list of banks', () =>
  visit({ device: 'phone' }, async (visitor) => {
    const { page } = visitor
    const goThere = () => page.getByRole('link', { name: `Continue to ${oauthBank}` }).click()
    await goToBank(visitor, oauthBank)
    await goThere()
    await signInHere(visitor, 'profile_522')
    await visitor.see('Rialto would like to see some of your data')
    await press(visitor, 'Deny')
    await at(visitor, 'bank')
    await visitor.see('Find your bank')
    await findBank(visitor, oauthBank)
    await goThere()
    await press(visitor, 'Cancel and go back to Rialto')
    await at(visitor, 'bank')
    await findBank(visitor, bankA)
    await signInHere(visitor, 'profile_522')
    await chooseAndAuthorize(visitor)
    await isLinked(visitor)
  }))
