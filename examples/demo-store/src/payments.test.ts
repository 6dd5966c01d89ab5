import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakePlatform, openFakePlatform } from './fake-platform.ts'
import { inPlainWords } from './payments.ts'
import { openShopper, type Shopper } from './shopper.ts'
import { type OpenStore, openStore } from './store.ts'

let platform: FakePlatform
let store: OpenStore
let ada: Shopper
const email = 'ada@example.com'
const merchantId = '0199f6a2-7c1e-7b7a-8f21-2f0f6f1f0a01'

beforeEach(async () => {
  platform = await openFakePlatform()
  const credentials = { clientId: 'shop', clientSecret: 'shop-secret', merchantId }
  const at = { host: '127.0.0.1', port: 0, apiUrl: platform.url, clientUrl: 'http://localhost:4001' }
  store = await openStore({ ...at, ...credentials, databasePath: ':memory:' }, { log: () => {} })
  ada = openShopper(store.url)
})
afterEach(async () => {
  await store.close()
  await platform.close()
})

/** Ada has an account, something in her cart and a bank. */
async function ready(product = 'harbor-blend') {
  await ada.add(product)
  await ada.signUp(email)
  await ada.comeBack({ status: '200', customerId: platform.link(email) })
}
const wishes = () => platform.callsTo('/v1/payments').filter((call) => call.scope)
const payAgain = async (page: string) =>
  ada.post('/orders/NW-1001/pay', { csrf: ada.hidden(page, 'csrf'), after: ada.hidden(page, 'after') })

describe('paying', () => {
  it('asks for the right money from the right account, under the order’s number', async () => {
    await ready()
    expect(await ada.post('/checkout', await ada.payForm())).toMatchObject({ status: 303, location: '/orders/NW-1001' })
    expect(wishes()).toHaveLength(1)
    expect(wishes()[0]).toMatchObject({
      scope: 'Link-Core Link-Payment',
      body: {
        source: { id: [...platform.customers.keys()][0], type: 'CUSTOMER' },
        destination: { id: merchantId, type: 'MERCHANT' },
        amount: { value: 18.4, currency: 'USD' },
        clientReferenceId: 'NW-1001',
        softDescriptor: 'NORTHWIND COFFEE NW-1001',
        requestKey: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    })
    expect((await ada.get('/orders/NW-1001')).text).toContain('Thank you')
    expect((await ada.get('/cart')).text).toContain('Your cart is empty')
  })

  it('pays once, however often and however fast the button is pressed', async () => {
    await ready()
    const form = await ada.payForm()
    const presses = await Promise.all([1, 2, 3].map(() => ada.post('/checkout', form)))
    expect(new Set(presses.map((press) => press.location))).toEqual(new Set(['/orders/NW-1001']))
    await ada.post('/checkout', form)
    expect(wishes()).toHaveLength(1)
    expect(platform.payments.size).toBe(1)
  })

  it('does not charge another amount than the page showed', async () => {
    await ready()
    const form = await ada.payForm()
    await ada.add('la-regina')
    expect(await ada.post('/checkout', form)).toMatchObject({ location: '/checkout?note=cart-changed' })
    expect(wishes()).toHaveLength(0)
  })

  it('finds its payment again when the answer was lost', async () => {
    await ready()
    platform.fate.next = 'crash'
    await ada.post('/checkout', await ada.payForm())
    expect((await ada.get('/orders/NW-1001')).text).toContain('Thank you')
    expect(platform.payments.size).toBe(1)
    const keys = wishes().map((call) => call.body.requestKey)
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
  })

  it('finds its payment even when the platform has forgotten what it answered', async () => {
    await ready()
    const form = await ada.payForm()
    // Taken, and then the platform is gone before it has answered.
    platform.fate.next = 'crash'
    platform.fate.downAfter = true
    await ada.post('/checkout', form)
    expect((await ada.get('/orders/NW-1001')).text).toContain('We are confirming with your bank')
    platform.fate.down = false
    platform.fate.forgetAnswers()
    expect((await ada.get('/orders/NW-1001')).text).toContain('Thank you')
    expect(platform.payments.size).toBe(1)
  })

  it('is glad of a payment that is held until the shop lets it go', async () => {
    await ready()
    platform.fate.next = 'HELD'
    await ada.post('/checkout', await ada.payForm())
    expect((await ada.get('/orders/NW-1001')).text).toContain('Thank you')
  })

  it('waits with the customer while the bank is asked', async () => {
    await ready()
    platform.fate.next = 'PENDING'
    await ada.post('/checkout', await ada.payForm())
    expect((await ada.get('/orders/NW-1001')).text).toContain('We are confirming with your bank')
    expect(JSON.parse((await ada.get('/api/orders/NW-1001')).text)).toEqual({ status: 'pending' })
    for (const payment of platform.payments.values()) payment.transactionStatus = 'AUTHORIZED'
    expect(JSON.parse((await ada.get('/api/orders/NW-1001')).text)).toEqual({ status: 'approved' })
    expect((await ada.get('/orders/NW-1001')).text).toContain('Thank you')
  })

  it('keeps waiting while the platform cannot be reached, and asks with the same key', async () => {
    await ready()
    const form = await ada.payForm()
    platform.fate.down = true
    await ada.post('/checkout', form)
    expect((await ada.get('/orders/NW-1001')).text).toContain('We are confirming with your bank')
    platform.fate.down = false
    expect((await ada.get('/orders/NW-1001')).text).toContain('Thank you')
    expect(platform.payments.size).toBe(1)
  })
})

describe('another try', () => {
  it('says why, and is paid with a new request key', async () => {
    await ready('la-regina')
    await ada.post('/checkout', await ada.payForm())
    const declined = await ada.get('/orders/NW-1001')
    expect(declined.text).toContain('The payment did not go through')
    expect(declined.text).toContain('This is more than your bank lets you pay in one payment.')
    expect(declined.text).toContain('Pay $9,450.00 from FinBank OAuth\u00a0••••\u00a00001')
    expect(declined.text).toContain('Choose another bank')

    await Promise.all([payAgain(declined.text), payAgain(declined.text)])
    const keys = wishes().map((call) => call.body.requestKey)
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(2)
  })

  it('cannot be had for an order that is paid', async () => {
    await ready()
    await ada.post('/checkout', await ada.payForm())
    const [paid] = [...platform.payments.values()]
    const again = { csrf: await ada.csrf(), after: paid!.requestKey }
    expect(await ada.post('/orders/NW-1001/pay', again)).toMatchObject({ status: 303 })
    expect(wishes()).toHaveLength(1)
  })

  it('tells of a return that comes days later', async () => {
    await ready()
    await ada.post('/checkout', await ada.payForm())
    for (const payment of platform.payments.values())
      Object.assign(payment, { transactionStatus: 'RETRYABLE_FAILED', reason: 'R01 Insufficient funds' })
    expect((await ada.get('/orders')).text).toContain('Returned by your bank')
    expect((await ada.get('/orders/NW-1001')).text).toContain('There was not enough money in the account.')
  })

  it('is put in plain words, whatever the reason', () => {
    expect(inPlainWords('R02', 'Account Closed')).toMatch(/closed/)
    expect(inPlainWords('R10', '')).toMatch(/not authorized/)
    expect(inPlainWords('PAYMENT_DECLINED', 'Something new')).toBe('Your bank did not approve this payment.')
  })
})

it('shows an order to the person who placed it, and to nobody else', async () => {
  await ready()
  await ada.post('/checkout', await ada.payForm())
  const eve = openShopper(store.url)
  expect(await eve.get('/orders/NW-1001')).toMatchObject({ status: 303, location: '/sign-in?next=%2Forders%2FNW-1001' })
  await eve.signUp('eve@example.com')
  expect(await eve.get('/orders/NW-1001')).toMatchObject({ status: 404 })
  expect(await eve.get('/api/orders/NW-1001')).toMatchObject({ status: 404 })
})
