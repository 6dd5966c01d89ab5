import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import * as oauth from 'openid-client'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from './pretend-platform.ts'
import { openTestSandbox, type TestSandbox } from './test-sandbox.ts'

let bank: TestSandbox
beforeAll(async () => {
  bank = await openTestSandbox()
})
afterAll(() => bank.close())

const idOf = (html: string): string[] => [...html.matchAll(/name="account" value="([^"]+)"/g)].map(([, id = '']) => id)

describe('sign-in by redirect', () => {
  it('refuses a front-channel request, because this bank wants it pushed', async () => {
    const config = await bank.platform.discover(bank.issuer('finbank-oauth'))
    const url = oauth.buildAuthorizationUrl(config, {
      redirect_uri: bank.platform.redirectUri,
      scope: 'openid',
      state: 'here',
    })
    const end = new URL((await bank.browser().go(url.href)).url)
    expect(end.searchParams.get('error')).toBe('invalid_request')
    expect(end.searchParams.get('error_description')).toContain('Pushed Authorization Request must be used')
    expect(end.searchParams.get('iss')).toBe(bank.issuer('finbank-oauth'))
  })

  it('ends in a code with iss, and tokens that say exactly what the customer chose', async () => {
    const browser = bank.browser()
    const started = await bank.startRedirect(browser)
    const asked = await browser.submit(started.page, '/sign-in', { login: 'profile_522', password: 'profile_522' })
    const [checking = ''] = idOf(asked.html)
    const end = await browser.submit(asked, '/consent', { account: checking, decision: 'allow' })
    expect(new URL(end.url).searchParams.get('iss')).toBe(bank.issuer('finbank-oauth'))
    const tokens = await oauth.authorizationCodeGrant(started.config, new URL(end.url), {
      pkceCodeVerifier: started.verifier,
      expectedState: 'here',
      expectedNonce: 'once',
    })

    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 900 })
    expect(tokens.scope).not.toContain('openid')
    expect(tokens.grant_id).toBeTypeOf('string')
    expect(tokens.claims()?.sub).toBeTypeOf('string')
    const keys = createRemoteJWKSet(new URL(started.config.serverMetadata().jwks_uri ?? ''))
    const { payload } = await jwtVerify(tokens.access_token, keys, { audience: bank.api('finbank-oauth') })
    expect(payload.fdxConsentId).toBe(tokens.grant_id)
    expect(payload.authorization_details).toMatchObject([
      { type: 'fdx_v1.0', consentRequest: { resources: [{ resourceType: 'ACCOUNT', resourceId: checking }] } },
    ])
    const accounts = await call(bank.api('finbank-oauth'), '/accounts', tokens.access_token)
    expect(accounts.body.accounts.map((one: { accountId: string }) => one.accountId)).toEqual([checking])
  })

  it('uses a pushed request once', async () => {
    const { url, browser } = await bank.walkRedirect('profile_522')
    const again = await browser.go(url.href)
    expect(again.status === 400 || again.url.includes('error=')).toBe(true)
  })

  it('lets a code through once, and ends the whole family when it comes twice', async () => {
    const { finish, end, config } = await bank.walkRedirect('profile_522')
    await expect(
      oauth.authorizationCodeGrant(config, new URL(end.url), {
        pkceCodeVerifier: oauth.randomPKCECodeVerifier(),
        expectedState: 'here',
        expectedNonce: 'once',
      }),
    ).rejects.toMatchObject({ error: 'invalid_grant' })
    const tokens = await finish() // the code survives a wrong verifier
    await expect(finish()).rejects.toMatchObject({ error: 'invalid_grant' })
    const after = await call(bank.api('finbank-oauth'), '/accounts', tokens.access_token)
    expect(after).toMatchObject({ status: 403, body: { code: '602' } })
  })

  it('rotates refresh tokens, and a replay kills the new one too', async () => {
    const { finish, config } = await bank.walkRedirect('profile_522')
    const first = await finish()
    const second = await oauth.refreshTokenGrant(config, first.refresh_token ?? '')
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(decodeJwt(second.access_token).authorization_details).toEqual(
      decodeJwt(first.access_token).authorization_details,
    )
    await expect(oauth.refreshTokenGrant(config, first.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    await expect(oauth.refreshTokenGrant(config, second.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('takes two refreshes at the same moment for theft', async () => {
    const { finish, config } = await bank.walkRedirect('profile_522')
    const token = (await finish()).refresh_token ?? ''
    const both = await Promise.allSettled([
      oauth.refreshTokenGrant(config, token),
      oauth.refreshTokenGrant(config, token),
    ])
    const won = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(won.length).toBeLessThan(2)
    for (const tokens of won)
      await expect(oauth.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
        error: 'invalid_grant',
      })
  })

  it('says access_denied with state and iss when the customer refuses, at consent or before', async () => {
    const denied = new URL((await bank.walkRedirect('profile_522', { decision: 'deny' })).end.url).searchParams
    expect([denied.get('error'), denied.get('state'), denied.get('iss')]).toEqual([
      'access_denied',
      'here',
      bank.issuer('finbank-oauth'),
    ])
    const browser = bank.browser()
    const { page } = await bank.startRedirect(browser)
    expect((await browser.submit(page, '/leave', {})).url).toContain('error=access_denied')
  })

  it('asks again when no account is chosen', async () => {
    const { end } = await bank.walkRedirect('profile_522', { account: [], decision: 'allow' })
    expect(end.status).toBe(422)
    expect(end.html).toContain('Choose at least one account')
  })

  it('asks who you are for every connection, also in a browser that signed in a moment ago', async () => {
    const { browser, finish } = await bank.walkRedirect('profile_522')
    await finish()
    const { page } = await bank.startRedirect(browser)
    expect(page.html).toContain('Sign in to Finbank OAuth')
    const asked = await browser.submit(page, '/sign-in', { login: 'profile_08', password: 'profile_08' })
    expect(asked.html).toContain('Hello Marcus')
  })

  it('keeps links over a restart', async () => {
    const { finish, config } = await bank.walkRedirect('profile_522')
    const tokens = await finish()
    await bank.restart()
    const renewed = await oauth.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect((await call(bank.api('finbank-oauth'), '/accounts', renewed.access_token)).status).toBe(200)
  })

  it('keeps no token as it is, so that a copy of the database opens no door', async () => {
    const tokens = await (await bank.walkRedirect('profile_522')).finish()
    const sql = postgres(bank.databaseUrl, { max: 1 })
    const rows = await sql<{ text: string }[]>`select oidc_record::text as text from oidc_record`
    await sql.end()
    const all = rows.map((row) => row.text).join()
    expect(all).not.toContain(tokens.refresh_token)
    expect(all).not.toContain(tokens.access_token)
  })

  it('revokes by RFC 7009, and the consent with it', async () => {
    const { finish, config } = await bank.walkRedirect('profile_522')
    const tokens = await finish()
    await oauth.tokenRevocation(config, tokens.refresh_token ?? '')
    expect((await call(bank.api('finbank-oauth'), '/accounts', tokens.access_token)).body.code).toBe('602')
    await expect(oauth.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('refuses a form that another site made up', async () => {
    const browser = bank.browser()
    const { page } = await bank.startRedirect(browser)
    const forged = {
      ...page,
      html: page.html.replaceAll(/name="form_token" value="[^"]+"/g, 'name="form_token" value="x"'),
    }
    const answer = await browser.submit(forged, '/sign-in', { login: 'profile_522', password: 'profile_522' })
    expect(answer.status).toBe(400)
  })
})

describe('the characters, by redirect', () => {
  const signInAs = async (login: string, password = login) => {
    const browser = bank.browser()
    const { page } = await bank.startRedirect(browser)
    return { browser, page: await browser.submit(page, '/sign-in', { login, password }) }
  }

  it.each([
    ['profile_wrong', 422, 'password is not right'],
    ['profile_locked', 422, 'This account is locked'],
    ['profile_offline', 503, 'unavailable right now'],
  ])('%s stays outside', async (login, status, words) => {
    const { page } = await signInAs(login)
    expect(page.status).toBe(status)
    expect(page.html).toContain(words)
  })

  it('profile_offline can go back to the app, which hears why', async () => {
    const { browser, page } = await signInAs('profile_offline')
    const end = new URL((await browser.submit(page, '/give-up', {})).url)
    expect(end.searchParams.get('error')).toBe('temporarily_unavailable')
    expect(end.searchParams.get('state')).toBe('here')
  })

  it('profile_mfa is asked for a code, three times at most', async () => {
    const { browser, page } = await signInAs('profile_mfa')
    const once = await browser.submit(page, '/code', { code: '000000' })
    expect(once.html).toContain('You can try 2 more times')
    const twice = await browser.submit(once, '/code', { code: '000000' })
    expect((await browser.submit(twice, '/code', { code: '000000' })).html).toContain('Too many wrong codes')
    expect((await browser.submit(twice, '/code', { code: '123456' })).html).toContain('Too many wrong codes')
    const again = await signInAs('profile_mfa')
    expect((await again.browser.submit(again.page, '/code', { code: '123456' })).html).toContain('Hello Noor')
  })
})
