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

/** The connector of another process: it shares nothing but the bank. */
const elsewhere = () => openTestConnector([tiny.bank])

const checking = {
  accountCategory: 'DEPOSIT_ACCOUNT',
  accountId: 'acc-1',
  accountType: 'CHECKING',
  status: 'OPEN',
  currency: { currencyCode: 'USD' },
  availableBalance: 5,
}
const ach = { type: 'US_ACH', bankId: '011111111', identifier: '9876501234', transferOut: true }

describe('a link', () => {
  it('uses the access token it has, and renews it a minute before its end', async () => {
    const { grant } = await signedIn()
    const first = await connector.balance('tiny-bank', grant, 'acc-1', test.keep)
    expect(first).toEqual({ kind: 'ok', value: Money.of(1234n), grant })
    expect(tiny.refreshed).toEqual([])
    test.clock.now = new Date(test.clock.now.getTime() + 841_000)
    const second = await connector.balance('tiny-bank', grant, 'acc-1', test.keep)
    expect(second).toMatchObject({ kind: 'ok', grant: { refreshToken: 'refresh-token-2' } })
    expect(test.kept).toEqual([{ consentId: 'consent-1', refreshToken: 'refresh-token-2' }])
  })

  it('keeps a rotated grant before the new token is used', async () => {
    const { grant } = await signedIn()
    const { connector: other } = elsewhere()
    const readsBefore = counted('GET acc-1')
    let readsWhenKept = -1
    const keep = async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      readsWhenKept = counted('GET acc-1')
    }
    expect(await other.balance('tiny-bank', grant, 'acc-1', keep)).toMatchObject({ kind: 'ok' })
    expect(readsWhenKept).toBe(readsBefore)
  })

  it('does not use a token whose grant was not kept, and does not lose the grant either', async () => {
    const { grant } = await signedIn()
    const { connector: other, keep, kept } = elsewhere()
    const broken = () => Promise.reject(new Error('the database is away'))
    await expect(other.balance('tiny-bank', grant, 'acc-1', broken)).rejects.toThrow('the database is away')
    expect(counted('GET acc-1')).toBe(0)
    expect(await other.balance('tiny-bank', grant, 'acc-1', keep)).toMatchObject({ kind: 'ok' })
    expect(kept).toEqual([{ consentId: 'consent-1', refreshToken: 'refresh-token-2' }])
    expect(tiny.refreshed).toEqual(['refresh-token-1'])
  })

  it('refreshes once for calls that come at the same time, and leads a late one to the new grant', async () => {
    const { grant } = await signedIn()
    const { connector: other, keep } = elsewhere()
    const both = await Promise.all([1, 2].map(() => other.balance('tiny-bank', grant, 'acc-1', keep)))
    expect(both).toMatchObject([{ kind: 'ok' }, { kind: 'ok' }])
    tiny.expireAccessTokens()
    const late = await other.balance('tiny-bank', grant, 'acc-1', keep)
    expect(late).toMatchObject({ kind: 'ok', grant: { refreshToken: 'refresh-token-3' } })
    expect(tiny.refreshed).toEqual(['refresh-token-1', 'refresh-token-2'])
  })

  it('tries a new token once when the bank does not take the old one, then asks for a new link', async () => {
    const { grant } = await signedIn()
    tiny.expireAccessTokens()
    expect(await connector.balance('tiny-bank', grant, 'acc-1', test.keep)).toMatchObject({ kind: 'ok' })
    const no = { status: 401, json: { code: 603 } }
    tiny.next('acc-1', no, no)
    const last = test.kept.at(-1) ?? grant
    expect(await connector.balance('tiny-bank', last, 'acc-1', test.keep)).toMatchObject({ kind: 'relink' })
  })

  it('has to be made again when the refresh token is not taken; a token endpoint that fails is no reason', async () => {
    const { grant } = await signedIn()
    const { connector: other, keep } = elsewhere()
    for (const saying of [
      html,
      { status: 503, json: { error: 'temporarily_unavailable' } },
      { status: 401, json: {} },
    ]) {
      tiny.next('token', saying)
      expect(await other.balance('tiny-bank', grant, 'acc-1', keep)).toEqual(unavailable)
    }
    tiny.next('token', { status: 400, json: { error: 'invalid_grant' } })
    expect(await other.balance('tiny-bank', grant, 'acc-1', keep)).toMatchObject({ kind: 'relink' })
  })

  it.each([
    ['no consent', { status: 403, json: { code: '602' } }, 'relink'],
    ['a locked account', { status: 403, json: { code: '706' } }, 'account_unusable'],
    ['no account', { status: 404, json: { code: 701 } }, 'account_unusable'],
    ['a closed account', { status: 409, json: { code: '705' } }, 'account_unusable'],
    ['a type not supported', { status: 422, json: { code: '704' } }, 'account_unusable'],
    ['a firewall', { status: 403, raw: '<html>blocked</html>', type: 'text/html' }, 'bank_unavailable'],
    ['a closed status', { json: { ...checking, status: 'CLOSED' } }, 'account_unusable'],
    ['no number', { json: { ...checking, availableBalance: 'a lot' } }, 'bank_unavailable'],
    ['nothing', { raw: '' }, 'bank_unavailable'],
    ['half a text', { raw: '{"accountId"' }, 'bank_unavailable'],
    ['too much', { raw: `{"x":"${'x'.repeat(1_100_000)}"}` }, 'bank_unavailable'],
    [
      'a plea for much patience',
      { status: 429, json: { code: 1207 }, headers: { 'retry-after': '60' } },
      'bank_unavailable',
    ],
  ])('whose balance is answered with %s is not read twice', async (_name, saying, kind) => {
    const { grant } = await signedIn()
    tiny.next('acc-1', saying as object)
    expect((await connector.balance('tiny-bank', grant, 'acc-1', test.keep)).kind).toBe(kind)
    expect(counted('GET acc-1')).toBe(1)
  })

  it('is asked again, a little later, when the bank is busy', async () => {
    const { grant } = await signedIn()
    tiny.next('acc-1', { status: 429, json: { code: '1208' } }, html, { status: 429, headers: { 'retry-after': '0' } })
    expect(await connector.balance('tiny-bank', grant, 'acc-1', test.keep)).toMatchObject({ kind: 'ok' })
    tiny.next('acc-1', html, html, html, html)
    expect(await connector.balance('tiny-bank', grant, 'acc-1', test.keep)).toEqual(unavailable)
    expect(counted('GET acc-1')).toBe(8)
  })

  it('is not waited for longer than it takes, even when the bank drips', async () => {
    const { grant } = await signedIn()
    tiny.on('acc-1', async (_request, _form, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
      return {}
    })
    const started = performance.now()
    expect(await connector.balance('tiny-bank', grant, 'acc-1', test.keep)).toEqual(unavailable)
    expect(performance.now() - started).toBeLessThan(4_000)
    expect(counted('GET acc-1')).toBe(1)
  })

  it('is not waited for longer than the caller wants, pauses between tries included', async () => {
    const { grant } = await signedIn()
    tiny.next('acc-1', ...Array.from({ length: 4 }, () => ({ status: 503, headers: { 'retry-after': '3' } })))
    const started = performance.now()
    const signal = AbortSignal.timeout(100)
    expect(await connector.balance('tiny-bank', grant, 'acc-1', test.keep, signal)).toEqual(unavailable)
    expect(performance.now() - started).toBeLessThan(2_500)
    expect(await connector.balance('tiny-bank', grant, 'acc-1', test.keep, AbortSignal.abort())).toEqual(unavailable)
  })

  it('keeps the grant of a refresh that was under way when the caller had enough', async () => {
    const { grant } = await signedIn()
    const { connector: other, keep, kept } = elsewhere()
    const hurry = new AbortController()
    const patient = async (next: typeof grant) => {
      hurry.abort()
      await keep(next)
    }
    expect(await other.balance('tiny-bank', grant, 'acc-1', patient, hurry.signal)).toEqual(unavailable)
    expect(kept).toHaveLength(1)
  })

  it('reads every page, and comes to an end when a cursor repeats', async () => {
    const { grant } = await signedIn()
    tiny.next('payment-networks', { json: { page: { nextPageKey: 'k' }, paymentNetworks: [{ type: 'US_RTP' }] } })
    expect(await connector.numbers('tiny-bank', grant, 'acc-1', test.keep)).toMatchObject({
      kind: 'ok',
      value: { routingNumber: '011111111', accountNumber: '9876501234', tokenised: false },
    })
    tiny.on('payment-networks', () => ({ json: { page: { nextPageKey: 'k' }, paymentNetworks: [] } }))
    expect(await connector.numbers('tiny-bank', grant, 'acc-1', test.keep)).toEqual(unavailable)
    tiny.on('payment-networks', () => ({ json: { paymentNetworks: [{ ...ach, transferOut: false }] } }))
    expect(await connector.numbers('tiny-bank', grant, 'acc-1', test.keep)).toMatchObject({ kind: 'account_unusable' })
  })

  it.each([
    ['ends', [{ status: 204 }], 'ok'],
    ['ended before', [{ status: 409, json: { code: '602' } }], 'ok'],
    ['is unknown', [{ status: 404, json: { code: '1107' } }], 'ok'],
    ['is not covered any more', [{ status: 403, json: { code: '602' } }], 'ok'],
    ['cannot be reached', [{ status: 418 }], 'bank_unavailable'],
  ])('whose consent %s, when revoked, answers %j: %s', async (_name, sayings, kind) => {
    const { grant } = await signedIn()
    tiny.next('revocation', ...sayings)
    expect((await connector.revoke('tiny-bank', grant, test.keep)).kind).toBe(kind)
  })

  it('without a consent id ends with its token', async () => {
    const { grant } = await signedIn()
    tiny.next('revoke', html)
    const bare = { ...grant, consentId: null }
    expect(await connector.revoke('tiny-bank', bare, test.keep)).toEqual(unavailable)
    expect(await connector.revoke('tiny-bank', bare, test.keep)).toMatchObject({ kind: 'ok' })
    expect(counted('PUT revocation')).toBe(0)
  })
})
