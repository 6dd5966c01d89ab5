import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakePlatform, openFakePlatform } from './fake-platform.ts'
import { openShopper, type Shopper } from './shopper.ts'
import { type OpenStore, openStore } from './store.ts'

let platform: FakePlatform
let store: OpenStore
let ada: Shopper
let now: number
const email = 'ada@example.com'

beforeEach(async () => {
  now = Date.parse('2026-01-05T12:00:00Z')
  platform = await openFakePlatform()
  const config = {
    host: '127.0.0.1',
    port: 0,
    apiUrl: platform.url,
    clientUrl: 'http://localhost:4001',
    clientId: 'shop',
    clientSecret: 'shop-secret',
    merchantId: '0199f6a2-7c1e-7b7a-8f21-2f0f6f1f0a01',
    databasePath: ':memory:',
  }
  store = await openStore(config, { now: () => now, log: () => {} })
  ada = openShopper(store.url)
})
afterEach(async () => {
  await store.close()
  await platform.close()
})

/** Ada has an account, a bag in her cart and a bank. */
async function ready(product = 'harbor-blend') {
  await ada.add(product)
  await ada.signUp(email)
  await ada.comeBack({ status: '200', customerId: platform.link(email) })
}
const pay = async () => ada.post('/checkout', await ada.payForm())

describe('the way to a bank', () => {
  it('gives a session key to the person who is signed in, and to nobody else', async () => {
    expect(await ada.askForSession()).toMatchObject({ status: 401 })
    expect(platform.calls).toEqual([])

    await ada.signUp(email)
    const { status, body } = await ada.askForSession()
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['sessionKey', 'redirect'])
    expect(body.redirect).toMatch(new RegExp(`^${store.url}/bank/linked\\?state=[\\w-]{43}$`))
    expect(platform.callsTo('/v1/sessions')).toEqual([
      {
        method: 'POST',
        path: '/v1/sessions',
        scope: 'Link-Core Link-Payment',
        body: { firstName: 'Ada', lastName: 'Byron', email, product: 'PAY' },
      },
    ])
  })

  it('needs the proof that our own page asks', async () => {
    await ada.signUp(email)
    expect(await ada.askForSession('/checkout', 'not-the-token')).toMatchObject({ status: 403 })
    expect(await ada.post('/cart', { product: 'harbor-blend' })).toMatchObject({ status: 403 })
  })

  it('keeps a token until a minute before it expires', async () => {
    await ada.signUp(email)
    await Promise.all([ada.askForSession(), ada.askForSession()])
    now += 58 * 60_000
    await ada.askForSession()
    expect(platform.callsTo('/v1/tokens')).toHaveLength(1)
    now += 61_000
    await ada.askForSession()
    expect(platform.callsTo('/v1/tokens')).toHaveLength(2)
  })

  it('fetches a new token when the platform no longer takes the old one', async () => {
    await ada.signUp(email)
    await ada.askForSession()
    platform.fate.forgetTokens()
    expect(await ada.askForSession()).toMatchObject({ status: 200 })
    expect(platform.callsTo('/v1/tokens')).toHaveLength(2)
  })

  it('says that it cannot reach the bank link when the platform is down', async () => {
    await ada.signUp(email)
    platform.fate.down = true
    expect(await ada.askForSession()).toMatchObject({ status: 503, body: { message: /cannot reach/ } })
  })
})

describe('coming back from the bank', () => {
  it('keeps the customer id once the platform confirms it', async () => {
    await ready()
    const page = await ada.get('/checkout')
    expect(page.text).toContain('Pay $18.40 from FinBank OAuth\u00a0••••\u00a00001')
  })

  it('uses a state once', async () => {
    await ada.add('harbor-blend')
    await ada.signUp(email)
    const { body } = await ada.askForSession()
    const back = `${body.redirect}&status=200&customerId=${platform.link(email)}`
    expect(await ada.get(back)).toMatchObject({ status: 303, location: '/checkout?note=linked' })
    expect(await ada.get(back)).toMatchObject({ status: 403 })
  })

  it('refuses a state that another customer began with, that is unknown, or that is too old', async () => {
    await ada.add('harbor-blend')
    await ada.signUp(email)
    const eve = openShopper(store.url)
    await eve.signUp('eve@example.com')
    const customerId = platform.link(email)
    const eves = (await eve.askForSession()).body.redirect
    expect(await ada.get(`${eves}&status=200&customerId=${customerId}`)).toMatchObject({ status: 403 })
    expect(await ada.get(`/bank/linked?status=200&customerId=${customerId}`)).toMatchObject({ status: 403 })
    const own = (await ada.askForSession()).body.redirect
    now += 46 * 60_000
    expect(await ada.get(`${own}&status=200&customerId=${customerId}`)).toMatchObject({ status: 403 })
    expect((await ada.get('/checkout')).text).not.toContain('FinBank')
  })

  it.each([
    ['of somebody else', () => platform.link('eve@example.com')],
    ['who is not active', () => platform.link(email, 'CREATED')],
    ['that the platform does not know', () => '0199f6a2-7c1e-7b7a-8f21-2f0f6f1f0a99'],
    ['that is no id', () => '../payments'],
  ])('refuses a customer %s', async (_what, customerId) => {
    await ada.signUp(email)
    const back = await ada.comeBack({ status: '200', customerId: customerId() })
    expect(back).toMatchObject({ status: 303, location: '/checkout?note=link-refused' })
  })

  it.each([
    ['204', 'left', 'You came back before linking a bank'],
    ['500', 'link-failed', 'could not be linked'],
  ])('goes on kindly after status %s', async (status, note, words) => {
    await ada.add('harbor-blend')
    await ada.signUp(email)
    expect(await ada.comeBack({ status })).toMatchObject({ location: `/checkout?note=${note}` })
    expect((await ada.get(`/checkout?note=${note}`)).text).toContain(words)
  })

  it('asks for the bank again when its link has ended', async () => {
    await ready()
    for (const customer of platform.customers.values()) customer.customerStatus = 'INACTIVE'
    const page = await ada.get('/checkout')
    expect(page.text).toContain('The link to your bank has ended')
    expect(page.text).toContain('Pay by Bank')
  })

  it('unlinks', async () => {
    await ready()
    expect(await ada.post('/bank/unlink', { csrf: await ada.csrf() })).toMatchObject({
      location: '/account?note=unlinked',
    })
    expect(platform.customers.size).toBe(0)
    expect((await ada.get('/account')).text).toContain('No bank is linked')
  })
})

describe('secrets', () => {
  it('never reach the browser', async () => {
    await ready()
    await ada.get((await pay()).location)
    await ada.get('/account')
    expect(ada.seen()).not.toMatch(/shop-secret|Bearer|token-[0-9a-f]{8}-/)
    expect(ada.seen()).toContain('HttpOnly; SameSite=Lax')
    const { headers } = await ada.get('/checkout')
    expect(headers.get('content-security-policy')).toMatch(
      /script-src 'nonce-[\w-]{22}' http:\/\/localhost:4001; style-src 'self'; img-src 'self'; connect-src 'self'/,
    )
  })
})
