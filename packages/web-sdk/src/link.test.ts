import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import Link, { type LinkOptions } from './link.ts'

const clientUrl = 'https://link.pay.example'
const opened: string[] = []

beforeEach(() => {
  opened.length = 0
  vi.stubGlobal('location', { assign: (url: string) => opened.push(url) })
})
afterEach(() => vi.unstubAllGlobals())

/** What a page that is not written in TypeScript may pass. */
const make = (options: unknown) => Link.LinkInstance(options as LinkOptions)

describe('before it is told where the platform is', () => {
  it('says how to tell it, and makes no instance', async () => {
    expect(() => make({ sessionKey: 'k' })).toThrow(/clientUrl is not known.*Link\.configure\(\{ baseUrl/)
    await expect(Link.getCustomer('token', 'c'.repeat(36))).rejects.toThrow(/baseUrl is not known/)
    expect(Link.getLinkInstances()).toEqual([])
  })

  it('needs no address for a sessionUrl, which has its own', () => {
    const link = make({
      sessionUrl: 'https://link.pay.example/?sessionKey=k2',
      environment: 'sandbox',
      sessionVersion: 2,
    })
    link.callSessionUrl()
    expect(opened).toEqual(['https://link.pay.example/?sessionKey=k2'])
    expect(link.getSessionKey()).toBeUndefined()
  })
})

describe('the options of LinkInstance', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /pass one object/],
    ['null', null, /pass one object/],
    ['text', 'session-key', /pass one object/],
    ['a list', ['session-key'], /pass one object/],
    ['an unknown key', { sessionKey: 'k', redirectUrl: 'https://shop.example' }, /'redirectUrl' is not an option/],
    ['an undefined value', { sessionKey: 'k', redirect: undefined }, /redirect is undefined\. Leave it out/],
    ['a null value', { sessionKey: 'k', custom: null }, /custom is null/],
    ['no session key', { redirect: 'https://shop.example' }, /sessionKey is required.*POST \/v1\/sessions/],
    ['an empty session key', { sessionKey: '' }, /sessionKey must be the text/],
    ['a session key that is no text', { sessionKey: 5 }, /sessionKey must be the text/],
    ['a relative redirect', { sessionKey: 'k', redirect: '/thanks' }, /redirect must be an absolute http or https URL/],
    ['a script as redirect', { sessionKey: 'k', redirect: 'javascript:alert(1)' }, /redirect must be an absolute/],
    ['an unknown environment', { sessionKey: 'k', environment: 'staging' }, /environment must be 'sandbox' or 'prod/],
    ['an environment that is no text', { sessionKey: 'k', environment: ['sandbox'] }, /environment must be/],
    ['a number as custom', { sessionKey: 'k', custom: 7 }, /custom must be text or an object/],
    ['an unknown session version', { sessionKey: 'k', sessionVersion: '2' }, /number 1 or 2, but it is "2"/],
    [
      'version 2 without its URL',
      { sessionKey: 'k', sessionVersion: 2 },
      /sessionUrl is required.*POST \/v2\/sessions/,
    ],
    [
      'a script as sessionUrl',
      { sessionUrl: 'javascript:alert(1)', sessionVersion: 2 },
      /sessionUrl must be an absolute/,
    ],
    ['a clientUrl that is no URL', { sessionKey: 'k', clientUrl: 'link.pay.example' }, /clientUrl must be an absolute/],
  ])('refuses %s', (_what, options, why) => {
    expect(() => make(options)).toThrow(why)
    expect(() => make(options)).toThrow(TypeError)
  })

  it('accepts the environment in any case', () => {
    expect(make({ sessionKey: 'k', environment: 'Production', clientUrl }).getSessionKey()).toBe('k')
  })
})

describe('action()', () => {
  it('opens the hosted flow with everything that was set', () => {
    const redirect = 'https://shop.example/bank/linked?state=a b&x=1'
    make({ sessionKey: 'k/1', redirect, environment: 'sandbox', custom: 'cart 7', clientUrl }).action()
    const url = new URL(opened[0]!)
    expect(url.origin + url.pathname).toBe('https://link.pay.example/')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      sessionKey: 'k/1',
      redirect,
      custom: 'cart 7',
      environment: 'sandbox',
      version: expect.stringMatching(/^web-v\d+\.\d+\.\d+$/),
    })
  })

  it('leaves out what was not set, and sends an object as JSON', () => {
    make({ sessionKey: 'k', clientUrl: `${clientUrl}/`, custom: { cart: 7 } }).action()
    const url = new URL(opened[0]!)
    expect(url.pathname).toBe('/')
    expect([...url.searchParams.keys()]).toEqual(['sessionKey', 'custom', 'version'])
    expect(url.searchParams.get('custom')).toBe('{"cart":7}')
  })

  it('keeps the address an instance was made with', () => {
    const link = make({ sessionKey: 'k', clientUrl })
    Link.configure({ clientUrl: 'https://elsewhere.example' })
    link.action()
    expect(new URL(opened[0]!).host).toBe('link.pay.example')
  })

  it('is known to the instance, which is known to the page', () => {
    const link = make({ sessionKey: 'mine', clientUrl })
    expect(link.isInitiated()).toBe(false)
    expect(link.getSessionKey()).toBe('mine')
    expect(link.getVersion()).toMatch(/^web-v/)
    link.action()
    expect(link.isInitiated()).toBe(true)
    expect(Link.getLinkInstances().at(-1)).toBe(link)
  })
})

describe('getCustomer() and getAccounts()', () => {
  const customerId = '0199f6a2-7c1e-7b7a-8f21-2f0f6f1f0a01'
  const asked: { url: string | undefined; authorization: string | undefined }[] = []
  let api: Server

  beforeAll(async () => {
    const accountDetails = { accountLastFourDigits: '0001', accountType: 'checking', accountStatus: 'ACTIVE' }
    api = createServer((request, response) => {
      asked.push({ url: request.url, authorization: request.headers.authorization })
      const bodies: Record<string, unknown> = {
        [`/v1/customers/${customerId}`]: { id: customerId, customerStatus: 'ACTIVE', accountDetails },
        [`/v1/customers/${customerId}/accounts`]: { customerId, accountDetails: [accountDetails] },
      }
      const body = bodies[request.url ?? '']
      const no = { errorCode: 'NOT_FOUND', errorMessage: 'There is no such customer.', requestId: 'req-1' }
      response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? no))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => api.once('listening', resolve))
    Link.configure({ baseUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}/` })
  })
  afterAll(() => api.close())

  it('renames the wire’s fields', async () => {
    expect(await Link.getCustomer('token-1', customerId)).toEqual({
      id: customerId,
      status: 'ACTIVE',
      accountDetails: { lastFour: '0001', type: 'checking', status: 'ACTIVE' },
    })
    expect((await Link.getAccounts('token-1', customerId)).accountDetails).toEqual([
      { lastFour: '0001', type: 'checking', status: 'ACTIVE' },
    ])
    expect(asked).toEqual([
      { url: `/v1/customers/${customerId}`, authorization: 'Bearer token-1' },
      { url: `/v1/customers/${customerId}/accounts`, authorization: 'Bearer token-1' },
    ])
  })

  it('sends nothing when an argument cannot be right', async () => {
    const before = asked.length
    await expect(Link.getCustomer('token', 'too-short')).rejects.toThrow(/customerId of 36 characters/)
    await expect(Link.getAccounts('', customerId)).rejects.toThrow(/first argument must be an access token/)
    expect(asked.length).toBe(before)
  })

  it('passes on why the platform refused, and that it did not answer', async () => {
    const unknown = '0199f6a2-7c1e-7b7a-8f21-2f0f6f1f0a99'
    await expect(Link.getCustomer('token', unknown)).rejects.toMatchObject({
      name: 'LinkError',
      status: 404,
      errorCode: 'NOT_FOUND',
      requestId: 'req-1',
      message: 'Link.getCustomer: There is no such customer. (HTTP 404)',
    })
    Link.configure({ baseUrl: 'http://127.0.0.1:1' })
    await expect(Link.getCustomer('token', unknown)).rejects.toMatchObject({ name: 'LinkError', status: 0 })
  })
})
