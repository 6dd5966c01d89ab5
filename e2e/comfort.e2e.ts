import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import {
  bankA,
  bankB,
  chooseAndAuthorize,
  comesBack,
  consent,
  doorOf,
  findBank,
  linkAt,
  oauthBank,
  press,
  signInHere,
  signInThere,
} from './flow.steps.ts'
import { browsers, devices, type Visitor, world } from './journey.ts'
import { openSession } from './merchant.ts'
import { backInShop, goToCheckout, harborBlend, pay, payByBank } from './shop.steps.ts'

const visit = browsers()
const mostTabs = 30

const hasFocus = async ({ page }: Visitor, target: Locator): Promise<boolean> =>
  (await target.and(page.locator(':focus')).count()) === 1

/** Walks there as somebody without a mouse does. */
async function tabTo(visitor: Visitor, target: Locator): Promise<void> {
  for (let tabs = 0; tabs < mostTabs; tabs++) {
    await visitor.page.keyboard.press('Tab')
    if (await hasFocus(visitor, target)) return
  }
  throw new Error(`${target} is not reached with the Tab key.`)
}

it('the keyboard alone is enough, from the shop to the bank and back', () =>
  visit({}, async (visitor) => {
    const { page } = visitor
    const { keyboard } = page
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const heading = async (name: string) => {
      await visitor.see(name)
      // Whoever listens hears where they are: the page's heading has the focus.
      await expect.poll(() => hasFocus(visitor, page.getByRole('heading', { level: 1, name }))).toBe(true)
    }
    await goToCheckout(visitor, harborBlend)
    await tabTo(visitor, button('Pay by Bank'))
    await keyboard.press('Enter')
    await visitor.pass('Pay from your bank')
    await tabTo(visitor, button('Continue'))
    await keyboard.press('Enter')
    await heading('Find your bank')
    await tabTo(visitor, page.getByRole('combobox'))
    await keyboard.type('finbank profils')
    await page.getByRole('option', { name: oauthBank }).waitFor({ state: 'detached' })
    await expect.poll(() => page.getByRole('option', { selected: true }).textContent()).toContain(bankA)
    await keyboard.press('ArrowDown')
    await expect.poll(() => page.getByRole('option', { selected: true }).textContent()).toContain(bankB)
    await keyboard.press('Enter')
    await heading(`Sign in to ${bankB}`)
    await tabTo(visitor, page.getByLabel('User name'))
    await keyboard.type('profile_522')
    await tabTo(visitor, page.getByLabel('Password', { exact: true }))
    await keyboard.type('profile_522')
    await keyboard.press('Enter')
    await heading('Choose an account')
    const savings = page.getByRole('radio', { name: /Savings/ })
    await tabTo(visitor, page.getByRole('radio', { checked: true }))
    await keyboard.press('ArrowDown')
    expect(await savings.isChecked()).toBe(true)
    await tabTo(visitor, button('Continue'))
    await keyboard.press('Enter')
    await heading('Review and authorize')
    await tabTo(visitor, button('Authorize and link'))
    await keyboard.press('Enter')
    await visitor.pass('Your account is linked')
    await backInShop(visitor)
    await tabTo(visitor, page.getByRole('button', { name: 'Pay $18.40 from' }))
    await keyboard.press('Enter')
    await visitor.see('Thank you')
  }))

it('the keyboard alone is enough at the bank’s own site', () =>
  visit({}, async (visitor) => {
    const { page } = visitor
    const { keyboard } = page
    await page.goto(doorOf(await openSession()))
    await consent(visitor)
    await findBank(visitor, oauthBank)
    await tabTo(visitor, page.getByRole('link', { name: `Continue to ${oauthBank}` }))
    await keyboard.press('Enter')
    await visitor.pass(`Sign in to ${oauthBank}`)
    await tabTo(visitor, page.getByLabel('User name'))
    await keyboard.type('profile_522')
    await tabTo(visitor, page.getByLabel('Password'))
    await keyboard.type('profile_522')
    await keyboard.press('Enter')
    await visitor.pass('Rialto would like to see some of your data')
    await tabTo(visitor, page.getByRole('checkbox', { name: /Savings/ }))
    await keyboard.press('Space')
    await tabTo(visitor, page.getByRole('button', { name: 'Allow' }))
    await keyboard.press('Enter')
    await visitor.pass('Choose an account')
    expect(await page.getByRole('radio', { name: /Savings/ }).count()).toBe(0)
  }))

it('an ending waits for whoever reads it', () =>
  visit({ device: 'phone' }, async (visitor) => {
    const { page } = visitor
    await page.goto(doorOf(await openSession()))
    await linkAt(visitor, bankA)
    await page.keyboard.press('Shift')
    await page.getByText('Taking you back').waitFor({ state: 'hidden' })
    await visitor.see('Your account is linked')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Get a copy' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('authorization.txt')
    await page.getByRole('link', { name: `Back to ${world.merchant.name}` }).click()
    expect((await comesBack(visitor, `${world.store}/`)).get('status')).toBe('200')

    await page.goto(doorOf(await openSession()))
    await visitor.pass('Pay from your bank')
    await press(visitor, 'Leave')
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await visitor.pass('You left without linking')
    await page.keyboard.press('Shift')
    await visitor.see('You left without linking')
  }))

it('nothing moves for who asked for less motion', () =>
  visit({ device: 'phone', reducedMotion: 'reduce' }, async (visitor) => {
    const { page } = visitor
    // Something may fade in its place: that is how a page waits without moving.
    const moving = `document.getAnimations()
      .filter(({ effect }) => effect.getComputedTiming().activeDuration > 1 &&
        effect.getKeyframes().some((frame) => ['transform', 'translate', 'rotate', 'scale'].some((name) => name in frame)))
      .map((one) => one.animationName ?? one.transitionProperty)`
    const still = async (heading: string) => {
      await visitor.pass(heading)
      expect(await page.evaluate(moving), heading).toEqual([])
    }
    await page.goto(doorOf(await openSession()))
    await still('Pay from your bank')
    await press(visitor, 'Continue')
    await still('Find your bank')
    await findBank(visitor, bankA)
    await still(`Sign in to ${bankA}`)
    await press(visitor, 'Leave')
    await page.getByRole('dialog').waitFor()
    expect(await page.evaluate(moving)).toEqual([])
    await press(visitor, 'Keep going')
    await signInHere(visitor, 'profile_522')
    await still('Choose an account')
    await press(visitor, 'Continue')
    await still('Review and authorize')
    await press(visitor, 'Authorize and link')
    await still('Your account is linked')
  }))

describe.each(devices)('in the dark, on a %s', (device) => {
  it('every page of the shop, the flow and the bank can be read', () =>
    visit({ device, colorScheme: 'dark' }, async (visitor) => {
      await goToCheckout(visitor, harborBlend)
      await payByBank(visitor)
      await consent(visitor)
      await findBank(visitor, bankA)
      await signInHere(visitor, 'profile_522', 'not-the-right-one')
      await visitor.page.getByRole('alert').waitFor()
      await visitor.see(`Sign in to ${bankA}`)
      await press(visitor, 'Choose another bank')
      await findBank(visitor, oauthBank)
      await signInThere(visitor, 'profile_08')
      await chooseAndAuthorize(visitor)
      await backInShop(visitor)
      await pay(visitor, '$18.40', /Finbank OAuth/)
      await visitor.see('The payment did not go through')
    }))
})
