import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Money } from '../../kernel/money.ts'
import type { BankConnector, SignedIn } from '../bank-connector.ts'
import { openTestConnector, openTinyBank, type TinyBank } from './tiny-bank.fixture.ts'

let tiny: TinyBank
let test: ReturnType<typeof openTestConnector>
let connector: BankConnector
beforeEach(async () => {
  tiny = await openTinyBank()
  test = openTestConnector([tiny.bank], { callTimeoutMs: 1_500 })
  connector = test.connector
})
afterEach(() => tiny.close())

const login = { username: 'ada', password: 'a-password' }
const unavailable = { kind: 'bank_unavailable' }
const html = { status: 502, raw: '<html>Bad gateway</html>', type: 'text/html' }

async function signedIn(): Promise<SignedIn> {
  const answer = await connector.signIn('tiny-bank', login)
  if (answer.kind !== 'signed_in') throw new Error(`expected to be signed in, not ${answer.kind}`)
  return answer
}
const counted = (call: string) => tiny.calls.filter((one) => one === call).length

const checking = {
  accountCategory: 'DEPOSIT_ACCOUNT',
  accountId: 'acc-1',
  accountType: 'CHECKING',
  status: 'OPEN',
  currency: { currencyCode: 'USD' },
  availableBalance: 5,
}
const ach = { type: 'US_ACH', bankId: '011111111', identifier: '9876501234', transferOut: true }

describe('signing in', () => {
  it('ends with a grant, accounts and the name of their holder', async () => {
    expect(await signedIn()).toEqual({
      kind: 'signed_in',
      grant: { consentId: 'consent-1', refreshToken: 'refresh-token-1' },
      holderNames: ['Ada Lovelace'],
      accounts: [
        {
          ref: 'acc-1',
          name: 'Checking',
          type: 'checking',
          lastFour: '4321',
          balance: Money.of(1234n),
          eligible: true,
          reason: null,
        },
      ],
    })
  })

  it('asks once where things are, and again an hour later; a failure is not remembered', async () => {
    tiny.next('openid-configuration', html)
    expect(await connector.signIn('tiny-bank', login)).toEqual(unavailable)
    await signedIn()
    await signedIn()
    expect(counted('GET openid-configuration')).toBe(2)
    test.clock.now = new Date(test.clock.now.getTime() + 3_600_001)
    await signedIn()
    expect(counted('GET openid-configuration')).toBe(3)
  })

  it('takes a bank that cannot be reached for one that is down', async () => {
    const away = openTestConnector([{ ...tiny.bank, issuer: 'http://127.0.0.1:1/away' }])
    expect(await away.connector.signIn('tiny-bank', login)).toEqual(unavailable)
    expect(away.logged()).toContain('"silence":"unreachable"')
  })

  it('does not believe a discovery document of somebody else', async () => {
    tiny.next('openid-configuration', { json: { issuer: 'http://127.0.0.1:1/other', token_endpoint: 'http://x/' } })
    tiny.next('openid-configuration', { json: { issuer: 'not an address' } })
    expect(await connector.signIn('tiny-bank', login)).toEqual(unavailable)
    expect(await connector.signIn('tiny-bank', login)).toEqual(unavailable)
  })

  it('does not believe an ID token with another nonce', async () => {
    tiny.forgeNonce()
    expect(await connector.signIn('tiny-bank', login)).toEqual(unavailable)
  })

  it.each([
    ['html', html],
    ['not found', { status: 404, raw: '' }],
    ['an array', { json: [] }],
    ['an error from Object', { status: 400, json: { error: 'constructor' } }],
    ['a redirect', { status: 302, raw: '', headers: { location: 'http://127.0.0.1:1/' } }],
  ])('takes %s at the challenge endpoint for a bank that is down', async (_name, saying) => {
    tiny.next('challenge', saying)
    expect(await connector.signIn('tiny-bank', login)).toEqual(unavailable)
  })

  it('passes the code on, tells a wrong one, and asks with words fit to be shown', async () => {
    const asked = { error: 'insufficient_authorization', auth_session: 's1' }
    tiny.next('challenge', {
      status: 400,
      json: { ...asked, challenge: { type: 'otp', prompt: ' The\u0000 code ', digits: 8 } },
    })
    const first = await connector.signIn('tiny-bank', login)
    expect(first).toMatchObject({ kind: 'code_wanted', prompt: 'The code', digits: 8, problem: null })
    if (first.kind !== 'code_wanted') return
    tiny.next('challenge', { status: 400, json: { error: 'invalid_otp', auth_session: 's2' } })
    const second = await connector.answerCode('tiny-bank', first.secret, '11111111')
    expect(second).toMatchObject({ kind: 'code_wanted', prompt: 'The code', digits: 8, problem: 'wrong_code' })
    if (second.kind !== 'code_wanted') return
    tiny.next('challenge', { status: 400, json: { error: 'expired_otp' } })
    expect(await connector.answerCode('tiny-bank', second.secret, '2')).toEqual({
      kind: 'problem',
      problem: 'code_expired',
    })
    expect(await connector.answerCode('tiny-bank', second.secret, '3')).toMatchObject({ kind: 'signed_in' })
  })

  it('works with what there is when the bank answers in part', async () => {
    tiny.next('accounts', {
      status: 206,
      json: { accounts: [{ ...checking, accountId: 'acc-2', availableBalance: undefined }, checking, checking, null] },
    })
    tiny.on('payment-networks', ({ url }) =>
      url?.includes('acc-2') ? { raw: '' } : { json: { paymentNetworks: [ach] } },
    )
    tiny.next('contact', { status: 403, json: { code: 602 } })
    const { accounts, holderNames } = await signedIn()
    expect(accounts).toMatchObject([
      { ref: 'acc-2', balance: null, eligible: false, reason: 'Your bank does not allow payments from this account.' },
      { ref: 'acc-1', eligible: true },
    ])
    expect(holderNames).toEqual([])
  })

  it('says so when the bank does not say whether an account can be used', async () => {
    tiny.on('payment-networks', () => ({ status: 418, raw: '' }))
    const { accounts } = await signedIn()
    expect(accounts).toMatchObject([
      { eligible: false, reason: 'Your bank could not say whether this account can be used.' },
    ])
  })

  it('leaves no consent behind when the accounts cannot be read', async () => {
    tiny.next('accounts', { raw: 'x'.repeat(1_100_000) })
    expect(await connector.signIn('tiny-bank', login)).toEqual(unavailable)
    expect(counted('POST revoke')).toBe(1)
  })
})

describe('coming back from the bank', () => {
  let secret: string
  beforeEach(async () => {
    await tiny.close()
    tiny = await openTinyBank({ signIn: 'redirect' })
    test = openTestConnector([tiny.bank], { callTimeoutMs: 1_500 })
    connector = test.connector
    const begun = await connector.begin('tiny-bank', 'the-state')
    if (begun.kind !== 'redirect') throw new Error(begun.kind)
    expect(begun.redirectTo).toBe(`${tiny.bank.issuer}/authorize?request_uri=urn%3Arequest%3A1&client_id=rialto`)
    secret = begun.secret
  })
  const back = (query: Record<string, string>) => connector.finish('tiny-bank', secret, query)

  it('trades the code, with the issuer named or not', async () => {
    expect(await back({ code: 'c', state: 'the-state' })).toMatchObject({ kind: 'signed_in' })
    expect(await back({ code: 'c', state: 'the-state', iss: tiny.bank.issuer })).toMatchObject({ kind: 'signed_in' })
  })

  it.each([
    [{ code: 'c', state: 'another' }, 'not_ours'],
    [{ code: 'c' }, 'not_ours'],
    [{ state: 'the-state' }, 'not_ours'],
    [{ code: 'c', state: 'the-state', iss: 'http://127.0.0.1:1/evil' }, 'not_ours'],
    [{ error: 'access_denied', state: 'another' }, 'not_ours'],
    [{ error: 'access_denied', state: 'the-state' }, 'customer_left'],
    [{ error: 'server_error', state: 'the-state' }, 'bank_unavailable'],
    [{ error: 'temporarily_unavailable', state: 'the-state', error_description: 'x' }, 'bank_unavailable'],
  ])('with %j is %s, and no token is asked for', async (query, kind) => {
    expect((await back(query as Record<string, string>)).kind).toBe(kind)
    expect(counted('POST token')).toBe(0)
  })

  it('refuses an ID token that answers another sign-in, and a code the bank does not know', async () => {
    tiny.next('token', { status: 400, json: { error: 'invalid_grant' } })
    expect(await back({ code: 'c', state: 'the-state' })).toMatchObject({ kind: 'not_ours' })
    tiny.forgeNonce()
    expect(await back({ code: 'c', state: 'the-state' })).toMatchObject({ kind: 'not_ours' })
  })

  it('is not available when the token endpoint is not, or refuses us', async () => {
    for (const saying of [html, { status: 401, json: { error: 'invalid_client' } }, { json: { access_token: 7 } }]) {
      tiny.next('token', saying)
      expect(await back({ code: 'c', state: 'the-state' })).toEqual(unavailable)
    }
  })

  it('is not begun when the bank does not take the request', async () => {
    tiny.next('par', { status: 400, json: { error: 'invalid_request' } })
    expect(await connector.begin('tiny-bank', 's')).toEqual(unavailable)
  })

  it('goes straight to the bank where requests are not pushed, with all that is asked for', async () => {
    const plain = { ...tiny.bank, par: false, dataClusters: ['ACCOUNT_BASIC'], audience: 'https://api.example' }
    const begun = await openTestConnector([plain]).connector.begin('tiny-bank', 'the-state')
    const query = new URL(begun.kind === 'redirect' ? begun.redirectTo : '').searchParams
    expect(Object.fromEntries(query)).toMatchObject({
      response_type: 'code',
      state: 'the-state',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      prompt: 'consent',
      resource: 'https://api.example',
      authorization_details: expect.stringContaining('"dataClusters":["ACCOUNT_BASIC"]'),
    })
  })
})
