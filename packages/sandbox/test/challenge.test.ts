import * as oauth from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from './pretend-platform.ts'
import { openTestSandbox, type TestSandbox } from './test-sandbox.ts'

const SLUG = 'finbank-profiles-a'
const SLOW_MS = 1_000
let bank: TestSandbox
let aheadMs = 0
beforeAll(async () => {
  bank = await openTestSandbox({ slowMs: SLOW_MS, now: () => new Date(Date.now() + aheadMs) })
})
afterAll(() => bank.close())

const ask = async (login: string, password = login) => {
  const verifier = oauth.randomPKCECodeVerifier()
  const form = { username: login, password, ...(await bank.wish(verifier)) }
  return { verifier, answer: await bank.platform.challenge(bank.issuer(SLUG), form) }
}

describe('sign-in by user name', () => {
  it('is advertised where it is offered, and only there', async () => {
    const endpoint = async (slug: string) =>
      (await bank.platform.discover(bank.issuer(slug))).serverMetadata().authorization_challenge_endpoint
    expect(await endpoint(SLUG)).toBe(`${bank.issuer(SLUG)}/authorization-challenge`)
    expect(await endpoint('finbank-oauth')).toBeUndefined()
  })

  it('gives a code that the token endpoint exchanges, at both banks', async () => {
    for (const slug of [SLUG, 'finbank-profiles-b']) {
      const tokens = await bank.link(slug, 'profile_522')
      expect(tokens).toMatchObject({ expires_in: 900, token_type: 'bearer' })
      expect(tokens.grant_id).toBeTypeOf('string')
      expect(tokens.refresh_token).toBeTypeOf('string')
      expect(tokens.claims()?.nonce).toBe('once')
    }
  })

  it('binds the code to the verifier', async () => {
    const { answer } = await ask('profile_522')
    const config = await bank.platform.discover(bank.issuer(SLUG))
    const other = oauth.randomPKCECodeVerifier()
    await expect(bank.exchange(config, String(answer.body.authorization_code), other)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('knows the client by its key, and takes each assertion once', async () => {
    const issuer = bank.issuer(SLUG)
    const assertion = await bank.platform.assertion(issuer)
    const form = { username: 'profile_522', password: 'profile_522', client_assertion: assertion }
    const wish = await bank.wish(oauth.randomPKCECodeVerifier())
    expect((await bank.platform.challenge(issuer, { ...form, ...wish })).status).toBe(200)
    const wrong = [
      form,
      { ...form, client_assertion: await bank.platform.assertion('https://bank.example') },
      { ...form, client_assertion: 'nonsense' },
    ]
    for (const one of wrong)
      expect(await bank.platform.challenge(issuer, { ...one, ...wish })).toMatchObject({
        status: 401,
        body: { error: 'invalid_client' },
      })
  })

  it('refuses a request without PKCE, with a strange return address or with clusters nobody offers', async () => {
    const good = { username: 'profile_522', password: 'profile_522', ...(await bank.wish('v')) }
    const bad = [
      { ...good, code_challenge_method: 'plain' },
      { ...good, redirect_uri: 'http://evil.example/return' },
      { ...good, ...(await bank.wish('v', ['TAX_RETURNS'])) },
      { ...good, authorization_details: '{' },
    ]
    for (const form of bad)
      expect(await bank.platform.challenge(bank.issuer(SLUG), form)).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      })
  })
})

describe('the characters, by user name', () => {
  it.each([
    ['profile_wrong', 400, 'invalid_credentials'],
    ['profile_locked', 403, 'account_locked'],
    ['profile_offline', 503, 'temporarily_unavailable'],
    ['nobody', 400, 'invalid_credentials'],
  ])('%s is answered %i %s', async (login, status, error) => {
    expect((await ask(login)).answer).toMatchObject({ status, body: { error } })
  })

  it('refuses a password that is not the user name', async () => {
    expect((await ask('profile_522', 'profile_08')).answer.body.error).toBe('invalid_credentials')
  })

  it('profile_mfa links with 123456, and is locked out after three wrong codes', async () => {
    const { verifier, answer } = await ask('profile_mfa')
    expect(answer).toMatchObject({
      status: 400,
      body: { error: 'insufficient_authorization', challenge: { type: 'otp', digits: 6 } },
    })
    const session = { auth_session: String(answer.body.auth_session) }
    const send = (otp: string) => bank.platform.challenge(bank.issuer(SLUG), { ...session, otp })
    expect(await send('000000')).toMatchObject({ status: 400, body: { error: 'invalid_otp', ...session } })
    const right = await send('123456')
    const config = await bank.platform.discover(bank.issuer(SLUG))
    const tokens = await bank.exchange(config, String(right.body.authorization_code), verifier)
    expect(tokens.access_token).toBeTypeOf('string')

    const again = { auth_session: String((await ask('profile_mfa')).answer.body.auth_session) }
    const errors: unknown[] = []
    for (const otp of ['1', '2', '3', '123456'])
      errors.push((await bank.platform.challenge(bank.issuer(SLUG), { ...again, otp })).body.error)
    expect(errors).toEqual(['invalid_otp', 'invalid_otp', 'account_locked', 'account_locked'])
  })

  it('forgets a code after five minutes', async () => {
    const { answer } = await ask('profile_mfa')
    aheadMs += 301_000
    const late = { auth_session: String(answer.body.auth_session), otp: '123456' }
    expect(await bank.platform.challenge(bank.issuer(SLUG), late)).toMatchObject({
      status: 400,
      body: { error: 'expired_otp' },
    })
  })

  it('profile_none links, but has nothing that can pay', async () => {
    const tokens = await bank.link(SLUG, 'profile_none')
    const { body } = await call(bank.api(SLUG), '/accounts', tokens.access_token)
    expect(body.accounts.map((one: { accountCategory: string }) => one.accountCategory)).toEqual([
      'LOC_ACCOUNT',
      'LOAN_ACCOUNT',
    ])
    const networks = await call(
      bank.api(SLUG),
      `/accounts/${body.accounts[0].accountId}/payment-networks`,
      tokens.access_token,
    )
    expect(networks).toMatchObject({ status: 422, body: { code: '704' } })
  })

  it('profile_slow waits for everything, profile_slow_balance only for single accounts', async () => {
    const took = async (login: string) => {
      const tokens = await bank.link(SLUG, login)
      const start = performance.now()
      const { body } = await call(bank.api(SLUG), '/accounts', tokens.access_token)
      const listed = performance.now()
      await call(bank.api(SLUG), `/accounts/${body.accounts[0].accountId}`, tokens.access_token)
      return { list: listed - start >= SLOW_MS - 20, balance: performance.now() - listed >= SLOW_MS - 20 }
    }
    expect(await took('profile_slow')).toEqual({ list: true, balance: true })
    expect(await took('profile_slow_balance')).toEqual({ list: false, balance: true })
    expect(await took('profile_522')).toEqual({ list: false, balance: false })
  })

  it('profile_revoked links, and a minute later has taken it back', async () => {
    const config = await bank.platform.discover(bank.issuer(SLUG))
    const tokens = await bank.link(SLUG, 'profile_revoked')
    const read = (path: string) => call(bank.api(SLUG), path, tokens.access_token)
    expect((await read('/accounts')).status).toBe(200)
    aheadMs += 61_000
    await expect(oauth.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    expect(await read('/accounts')).toMatchObject({ status: 403, body: { code: '602' } })
    expect((await read(`/consents/${tokens.grant_id}`)).body.status).toBe('REVOKED')
  })
})
