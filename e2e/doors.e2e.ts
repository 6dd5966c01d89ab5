import { expect, it } from 'vitest'
import { letExpire } from './database.ts'
import { comesBack, consent, doorOf, findBank, oauthBank, press } from './flow.steps.ts'
import { browsers, type Visitor, world } from './journey.ts'
import { openSession, somebody } from './merchant.ts'
import { goToCheckout, harborBlend, payByBank } from './shop.steps.ts'

const visit = browsers()
/** A flow that this browser does not have is a page that is not found. */
const notFound = /status of 404/

async function tellsNothingAbout({ page }: Visitor, person: ReturnType<typeof somebody>): Promise<void> {
  const source = await page.content()
  for (const word of Object.values(person)) expect(source).not.toContain(word)
}

it('who leaves is asked first, and comes back to a friendly word in the shop', () =>
  visit({ device: 'phone' }, async (visitor) => {
    const { page } = visitor
    await goToCheckout(visitor, harborBlend)
    await payByBank(visitor)
    await consent(visitor)
    await press(visitor, 'Leave')
    await page.getByRole('dialog', { name: 'Leave without linking?' }).waitFor()
    await visitor.see('Find your bank')
    await press(visitor, 'Keep going')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await press(visitor, 'Leave')
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await visitor.pass('You left without linking')
    await page.getByText('You came back before linking a bank.').waitFor()
    await visitor.see('Checkout')
    await page.getByRole('button', { name: 'Pay by Bank' }).waitFor()
  }))

it('who leaves is told to the merchant with status 204 and no customer, and the merchant’s own query is kept', () =>
  visit({}, async (visitor) => {
    await visitor.page.goto(doorOf(await openSession(), `${world.store}/?cart=12&mark=%26`))
    await visitor.pass('Pay from your bank')
    await press(visitor, 'Leave')
    await visitor.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    const back = await comesBack(visitor, `${world.store}/`)
    expect(Object.fromEntries(back)).toMatchObject({ cart: '12', mark: '&', status: '204' })
    expect(back.has('customerId')).toBe(false)
  }))

it('a key that came too late opens a page that says so', () =>
  visit({ device: 'phone' }, async (visitor) => {
    const key = await openSession()
    await letExpire(key)
    await visitor.page.goto(doorOf(key))
    await visitor.see('This session has expired')
    await visitor.page.getByRole('link', { name: `Back to ${world.merchant.name}` }).click()
    const back = await comesBack(visitor, `${world.store}/`)
    expect(back.has('customerId')).toBe(false)
  }))

it('a flow that takes too long ends with a way back to the merchant', () =>
  visit({}, async (visitor) => {
    const key = await openSession()
    await visitor.page.goto(doorOf(key))
    await consent(visitor)
    await findBank(visitor, oauthBank)
    await letExpire(key)
    await visitor.page.reload()
    await visitor.see('This session has expired')
    await visitor.page.getByRole('link', { name: `Back to ${world.merchant.name}` }).click()
    expect((await comesBack(visitor, `${world.store}/`)).get('status')).not.toBe('200')
  }))

it('a key that was used opens nothing in another browser, says nothing about the customer, and leads back', async () => {
  const person = somebody()
  const key = await openSession(person)
  await visit({}, async (owner) => {
    await owner.page.goto(doorOf(key))
    await consent(owner)
    const stolen = owner.page.url()
    await visit({ device: 'phone', expected: [notFound] }, async (other) => {
      await other.page.goto(doorOf(key))
      await other.see('This link was used already')
      await tellsNothingAbout(other, person)
      await press(other, `Back to ${world.merchant.name}`)
      await other.page.waitForURL(`${world.store}/`)
      await other.page.goto(stolen)
      await other.see('We can’t find this page')
      await tellsNothingAbout(other, person)
    })
    // Its own browser carries on.
    await owner.page.goto(doorOf(key))
    await owner.see('Find your bank')
  })
})

it('a key that never was opens a page that says so', () =>
  visit({}, async (visitor) => {
    for (const address of [
      '/',
      doorOf('undefined').replace(world.client, ''),
      doorOf('x'.repeat(43)).replace(world.client, ''),
    ]) {
      await visitor.page.goto(world.client + address)
      await visitor.see('We can’t find this page')
    }
  }))

it('an address the merchant did not approve is never gone back to', () =>
  visit({}, async (visitor) => {
    await visitor.page.goto(doorOf(await openSession(), 'https://somewhere.example/'))
    await visitor.pass('Pay from your bank')
    await press(visitor, 'Leave')
    await visitor.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await visitor.see('You left without linking')
    await visitor.page.getByText('You can close this page.').waitFor()
  }))

it('the terms and the privacy notice open beside the flow', () =>
  visit({ device: 'phone' }, async (visitor) => {
    await visitor.page.goto(doorOf(await openSession()))
    for (const name of ['terms', 'privacy notice']) {
      const [tab] = await Promise.all([
        visitor.context.waitForEvent('page'),
        visitor.page.getByRole('link', { name }).click(),
      ])
      await tab.getByRole('heading', { level: 1 }).waitFor()
      await tab.close()
    }
    await visitor.see('Pay from your bank')
  }))
