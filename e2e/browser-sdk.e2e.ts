import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bankA, bankB, comesBack, linkAt } from './flow.steps.ts'
import { browsers, devices, world } from './journey.ts'
import { accessToken, openSession, somebody } from './merchant.ts'

const visit = browsers()
const sdk = `${world.client}/linkmoney-web/v1/latest/linkmoney-web.min.js`
const policy = `default-src 'none'; script-src ${world.client} 'nonce-shop'; connect-src ${world.api}; img-src data:`

/** A merchant's page that has nothing but the SDK on it. What it is called with stands in the window. */
const shopPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title><link rel="icon" href="data:,">
<h1>A shop</h1><button id="pay">Pay</button><div id="place"></div>
<script type="module" nonce="shop">
  import Link from '${sdk}'
  window.Link = Link
  document.title = 'The SDK is here'
</script></html>`

let server: Server
let shop = ''

beforeAll(async () => {
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
    response.end(shopPage)
  })
  await new Promise<void>((ready) => server.listen(0, 'localhost', ready))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the shop has no port')
  shop = `http://localhost:${address.port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const open = `window.Link.LinkInstance(options)`

describe.each(devices)('a page with the browser SDK, on a %s', (device) => {
  it('sends its customer to link, and reads the customer and the accounts afterwards', () =>
    visit({ device }, async (visitor) => {
      const { page } = visitor
      const person = somebody()
      const options = {
        sessionKey: await openSession(person),
        redirect: `${shop}/thanks?cart=7`,
        environment: 'sandbox',
      }
      await page.goto(`${shop}/`)
      await page.waitForFunction(`document.title === 'The SDK is here'`)
      const before = await page.evaluate(`(() => {
        const options = ${JSON.stringify(options)}
        const link = window.link = ${open}
        return [link.getVersion(), link.isInitiated(), link.getSessionKey(), window.Link.getLinkInstances().length]
      })()`)
      expect(before).toEqual([expect.stringMatching(/^web-v\d+\.\d+\.\d+$/), false, options.sessionKey, 1])
      await page.evaluate('window.link.action()')
      await linkAt(visitor, device === 'phone' ? bankA : bankB)

      const back = await comesBack(visitor, `${shop}/thanks`)
      expect(Object.fromEntries(back)).toMatchObject({ cart: '7', status: '200' })
      const customerId = back.get('customerId') ?? ''
      expect(customerId).toHaveLength(36)
      await page.waitForFunction(`document.title === 'The SDK is here'`)
      const token = await accessToken('Link-Core')
      const [customer, accounts, short] = await page.evaluate<unknown[]>(`Promise.all([
        window.Link.getCustomer('${token}', '${customerId}'),
        window.Link.getAccounts('${token}', '${customerId}'),
        window.Link.getAccounts('${token}', 'too-short').catch((error) => error.name),
      ])`)
      expect(customer).toMatchObject({ id: customerId, email: person.email, status: 'ACTIVE' })
      expect(accounts).toMatchObject({
        customerId,
        accountDetails: [
          { lastFour: expect.stringMatching(/^\d{4}$/), type: 'checking', status: 'ACTIVE', preferred: true },
        ],
      })
      expect(short).toBe('TypeError')
    }))
})

it('a button made for a session’s address leads there', () =>
  visit({}, async (visitor) => {
    const { page } = visitor
    const query = new URLSearchParams({ sessionKey: await openSession(), redirect: `${shop}/` })
    const options = { sessionUrl: `${world.client}/?${query}`, environment: 'sandbox', sessionVersion: 2 }
    await page.goto(`${shop}/`)
    await page.waitForFunction(`document.title === 'The SDK is here'`)
    await page.evaluate(`(() => {
      const options = ${JSON.stringify(options)}
      document.getElementById('place').append(${open}.createButton())
    })()`)
    await page.getByRole('button', { name: 'Pay by Bank' }).click()
    await visitor.see('Pay from your bank')
  }))

it('a page with the reference’s own SDK is served as well: its unset fields come as the word undefined', () =>
  visit({ device: 'phone' }, async (visitor) => {
    const query = [
      `sessionKey=${await openSession()}`,
      `redirect=${encodeURIComponent(`${shop}/thanks`)}`,
      ...['custom=undefined', 'environment=sandbox', 'version=web-v1.4.2'],
    ].join('&')
    await visitor.page.goto(`${shop}/`)
    await visitor.page.evaluate(`location.href = '${world.client}/?${query}'`)
    await linkAt(visitor, bankB)
    const back = await comesBack(visitor, `${shop}/thanks`)
    expect(back.get('status')).toBe('200')
    expect(back.get('customerId')).toHaveLength(36)
  }))

it('a page with the reference’s own SDK that sets nothing but the key is served as well', () =>
  visit({}, async (visitor) => {
    const query = `sessionKey=${await openSession()}&redirect=undefined&custom=undefined&environment=undefined&version=web-v1.4.2`
    await visitor.page.goto(`${world.client}/?${query}`)
    await linkAt(visitor, bankA)
    await visitor.page.getByText('You can close this page.').waitFor()
  }))
