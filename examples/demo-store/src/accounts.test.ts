import { afterEach, beforeEach, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { openDatabase } from './database.ts'
import { html } from './html.ts'
import { openShopper, type Shopper } from './shopper.ts'
import { type OpenStore, openStore } from './store.ts'
import { countTry, forgive, secondsToWait, signInBudget } from './throttle.ts'

const email = 'ada@example.com'
const settings = {
  RIALTO_CLIENT_ID: 'shop',
  RIALTO_CLIENT_SECRET: 's',
  RIALTO_MERCHANT_ID: 'm',
  STORE_DATABASE: ':memory:',
}
let now: number
let store: OpenStore
let ada: Shopper

beforeEach(async () => {
  now = Date.parse('2026-01-05T12:00:00Z')
  const config = readConfig({ ...settings, PORT: '0' })
  if ('problems' in config) throw new Error(config.problems.join())
  store = await openStore(config, { now: () => now, log: () => {} })
  ada = openShopper(store.url)
})
afterEach(() => store.close())

it('keeps the cart and changes the cookie when somebody signs in', async () => {
  await ada.add('harbor-blend')
  const before = ada.cookie()
  expect(await ada.signUp(email)).toMatchObject({ status: 303, location: '/checkout' })
  expect(ada.cookie()).not.toBe(before)
  expect((await ada.get('/cart')).text).toContain('Harbor Blend')
})

it('asks again for what is missing, and keeps what was typed', async () => {
  const form = { csrf: await ada.csrf(), next: '/', firstName: '<b>Ada', lastName: '', email: 'ada', password: 'short' }
  const { status, text } = await ada.post('/sign-up', form)
  expect(status).toBe(400)
  for (const words of ['Enter your last name.', 'Enter an email address', 'Use 8 to 128 characters.', '&lt;b&gt;Ada'])
    expect(text).toContain(words)
})

it('refuses a second account with the same email, however it is spelled', async () => {
  await ada.signUp(email)
  expect((await openShopper(store.url).signUp('Ada@Example.com')).text).toContain('There is an account with this email')
})

it('lets nobody try passwords without end, and forgets after a quarter of an hour', async () => {
  await ada.signUp(email, 'the right password')
  const eve = openShopper(store.url)
  const tries = await Promise.all(Array.from({ length: 7 }, () => eve.signIn(email, 'a wrong password')))
  expect(tries.map((attempt) => attempt.status).sort()).toEqual([401, 401, 401, 401, 401, 429, 429])
  expect(await eve.signIn(email, 'the right password')).toMatchObject({ status: 429 })
  now += 15 * 60_000 + 1
  expect(await eve.signIn(email, 'the right password')).toMatchObject({ status: 303 })
})

it('counts what goes wrong, not everybody who signs in from one address', () => {
  const db = openDatabase(':memory:')
  for (let i = 0; i < 100; i++) {
    const someone = `someone-${i}@example.com`
    countTry(db, signInBudget(someone, '203.0.113.1'), now)
    if (i < 50) forgive(db, someone, '203.0.113.1')
    const others = signInBudget('other@example.com', '203.0.113.1')
    expect(secondsToWait(db, others, now + 1000)).toBe(i < 50 + 29 ? 0 : 15 * 60 - 1)
  }
  db.close()
})

it('signs out', async () => {
  await ada.signUp(email)
  await ada.post('/sign-out', { csrf: await ada.csrf() })
  expect(await ada.get('/account')).toMatchObject({ status: 303, location: '/sign-in?next=%2Faccount' })
})

it('sends people on to its own pages only', async () => {
  await ada.signUp(email)
  await ada.post('/sign-out', { csrf: await ada.csrf() })
  const form = { csrf: await ada.csrf(), next: '//elsewhere.example', email, password: 'a long password' }
  expect(await ada.post('/sign-in', form)).toMatchObject({ status: 303, location: '/' })
})

it('hands out its assets and nothing beside them', async () => {
  expect(await ada.get('/assets/base.css')).toMatchObject({ status: 200 })
  for (const path of ['/assets/nothing.js', '/assets/..%2fpackage.json', '/assets/%2e%2e/src/main.ts', '/nowhere'])
    expect((await ada.get(path)).status).toBe(404)
})

it('escapes what is put into a page', () => {
  expect(html`<p title="${'"'}">${['<', html`<b></b>`]}</p>`.text).toBe('<p title="&quot;">&lt;<b></b></p>')
})

it('says in one sentence which settings are missing', () => {
  expect(readConfig({})).toEqual({
    problems: [
      'The demo store needs RIALTO_CLIENT_ID, RIALTO_CLIENT_SECRET and RIALTO_MERCHANT_ID: ' +
        '`npm run up` sets them, or take them from the merchant portal.',
    ],
  })
  expect(readConfig({ ...settings, PORT: 'x', RIALTO_API_URL: 'localhost' })).toMatchObject({
    problems: [expect.stringMatching(/PORT is 'x'/), expect.stringMatching(/RIALTO_API_URL is 'localhost'/)],
  })
})
