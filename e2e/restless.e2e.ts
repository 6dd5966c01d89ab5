import { expect, it } from 'vitest'
import {
  at,
  bankA,
  bankB,
  chooseAndAuthorize,
  comesBack,
  consent,
  doorOf,
  findBank,
  oauthBank,
  press,
  signInHere,
  signInThere,
  stepOf,
} from './flow.steps.ts'
import { browsers, devices, type Visitor, world } from './journey.ts'
import { accountsOf, openSession } from './merchant.ts'

const visit = browsers()
/** What the platform answers to a page that is behind: it then shows where the flow is. */
const flowMoved = /status of 409/

const enter = async ({ page }: Visitor): Promise<void> => {
  await page.goto(doorOf(await openSession()))
}

it.each(devices)('loading each page again loses nothing, on a %s', (device) =>
  visit({ device }, async (visitor) => {
    const { page } = visitor
    const again = async (heading: string) => {
      await visitor.pass(heading)
      const step = stepOf(visitor)
      await page.reload()
      await visitor.see(heading)
      expect(stepOf(visitor)).toBe(step)
    }
    await enter(visitor)
    await again('Pay from your bank')
    await press(visitor, 'Continue')
    await again('Find your bank')
    await findBank(visitor, oauthBank)
    await again(`Continue at ${oauthBank}`)
    await page.getByRole('link', { name: `Continue to ${oauthBank}` }).click()
    await again(`Sign in to ${oauthBank}`)
    await signInHere(visitor, 'profile_522')
    await again('Rialto would like to see some of your data')
    await press(visitor, 'Allow')
    await again('Choose an account')
    await page.getByRole('radio', { name: /Savings/ }).click()
    await press(visitor, 'Continue')
    await again('Review and authorize')
    await page.getByText('Savings').first().waitFor()
    await press(visitor, 'Authorize and link')
    await again('Your account is linked')
    expect((await comesBack(visitor, `${world.store}/`)).get('status')).toBe('200')
  }),
)

it('the browser’s Back means another account, another bank, and in the end nothing', () =>
  visit({ device: 'phone' }, async (visitor) => {
    const { page } = visitor
    await enter(visitor)
    await consent(visitor)
    await findBank(visitor, bankA)
    await signInHere(visitor, 'profile_522')
    await visitor.pass('Choose an account')
    await press(visitor, 'Continue')
    await visitor.pass('Review and authorize')
    await page.goBack()
    await visitor.pass('Choose an account')
    await page.goBack()
    await visitor.see('Find your bank')
    await findBank(visitor, oauthBank)
    await page.getByRole('link', { name: `Continue to ${oauthBank}` }).click()
    await visitor.pass(`Sign in to ${oauthBank}`)
    await page.goBack()
    await signInThere(visitor, 'profile_522')
    await chooseAndAuthorize(visitor)
    const back = await comesBack(visitor, `${world.store}/`)
    await page.goBack()
    await visitor.see('Your account is linked')
    await page.getByRole('link', { name: `Back to ${world.merchant.name}` }).click()
    expect((await comesBack(visitor, `${world.store}/`)).get('customerId')).toBe(back.get('customerId'))
  }))

it('a second tab carries on where the flow is, and the first one follows', () =>
  visit({ expected: [flowMoved] }, async (first) => {
    await enter(first)
    await consent(first)
    const second = await first.openTab()
    await second.page.goto(first.page.url())
    await second.see('Find your bank')
    await findBank(second, bankA)
    await signInHere(second, 'profile_522')
    await second.pass('Choose an account')

    await first.page.getByRole('option', { name: bankB }).click()
    await first.see('Choose an account')
    await press(first, 'Continue')
    await first.pass('Review and authorize')
    await second.page.goto(second.page.url().replace('accounts', 'consent'))
    await second.pass('Review and authorize')
    await at(second, 'authorize')
    await press(second, 'Authorize and link')
    await second.pass('Your account is linked')

    await press(first, 'Authorize and link')
    await first.pass('Your account is linked')
    const customers = await Promise.all(
      [first, second].map(async (tab) => (await comesBack(tab, `${world.store}/`)).get('customerId')),
    )
    expect(customers[0]).toBe(customers[1])
  }))

it('the address a bank sends back to works once, and only in the browser that went there', async () => {
  await visit({}, async (visitor) => {
    const { page } = visitor
    let address = ''
    page.on('request', (request) => {
      if (request.url().startsWith(`${world.client}/bank/return`)) address = request.url()
    })
    await enter(visitor)
    await consent(visitor)
    await findBank(visitor, oauthBank)
    await signInThere(visitor, 'profile_522')
    await visit({ device: 'phone' }, async (thief) => {
      await thief.page.goto(address)
      await thief.see('We can’t find this page')
    })
    await page.goto(address)
    await at(visitor, 'accounts')
    const second = await visitor.openTab()
    await second.page.goto(address)
    await at(second, 'accounts')
    await chooseAndAuthorize(visitor)
    await second.page.goto(address)
    await second.pass('Your account is linked')
    for (const tab of [visitor, second]) expect((await comesBack(tab, `${world.store}/`)).get('status')).toBe('200')
  })
})

it('pressing twice links once', () =>
  visit({ device: 'phone', expected: [flowMoved] }, async (visitor) => {
    const { page } = visitor
    await enter(visitor)
    await page.getByRole('button', { name: 'Continue' }).dblclick()
    await visitor.pass('Find your bank')
    await page.getByRole('option', { name: bankA }).dblclick()
    await visitor.pass(`Sign in to ${bankA}`)
    await page.getByLabel('User name').fill('profile_522')
    await page.getByLabel('Password', { exact: true }).fill('profile_522')
    await page.getByRole('button', { name: 'Sign in' }).dblclick()
    await visitor.pass('Choose an account')
    await page.getByRole('button', { name: 'Continue' }).dblclick()
    await visitor.pass('Review and authorize')
    await page.getByRole('button', { name: 'Authorize and link' }).dblclick()
    const customerId = (await comesBack(visitor, `${world.store}/`)).get('customerId')
    expect(await accountsOf(customerId ?? '')).toHaveLength(1)
  }))
