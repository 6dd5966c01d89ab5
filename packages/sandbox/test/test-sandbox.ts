import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as oauth from 'openid-client'
import postgres from 'postgres'
import { inject } from 'vitest'
import { openSandbox, type SandboxOptions } from '../src/open-sandbox.ts'
import { type Browser, openBrowser, type Seen } from './pretend-browser.ts'
import { ALL_CLUSTERS, consentRequest, openPlatform, SCOPE, type Tokens } from './pretend-platform.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

/** The sandbox with a database of its own, on a free port, and a platform that knows it. */
export async function openTestSandbox(options: Partial<SandboxOptions> = {}) {
  const server = inject('postgresUrl')
  const name = `sandbox_test_${randomBytes(6).toString('hex')}`
  const databaseUrl = Object.assign(new URL(server), { pathname: `/${name}` }).href
  const platform = await openPlatform()
  const dropFolder = await mkdtemp(join(tmpdir(), 'rialto-drop-'))
  const open = (port = 0) =>
    openSandbox({
      databaseUrl,
      host: '127.0.0.1',
      port,
      clients: [platform.client],
      logLevel: 'silent',
      slowMs: 300,
      dropFolder,
      ...options,
    })
  let sandbox = await open()
  const issuer = (slug: string) => `${sandbox.url}/${slug}`

  /** Links as a platform does that asks for user name and password itself. */
  async function link(slug: string, login: string, more: readonly string[] = []): Promise<Tokens> {
    const config = await platform.discover(issuer(slug))
    const verifier = oauth.randomPKCECodeVerifier()
    const answer = await platform.challenge(issuer(slug), {
      username: login,
      password: login,
      ...(await wish(verifier, [...ALL_CLUSTERS, ...more])),
    })
    const code = String(answer.body.authorization_code)
    return exchange(config, code, verifier)
  }

  async function wish(verifier: string, clusters: readonly string[] = ALL_CLUSTERS): Promise<Record<string, string>> {
    return {
      scope: clusters.includes('TRANSACTIONS') ? `${SCOPE} fdx:transactions:read` : SCOPE,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      redirect_uri: platform.redirectUri,
      authorization_details: consentRequest(clusters),
      nonce: 'once',
    }
  }

  function exchange(config: oauth.Configuration, code: string, verifier: string): Promise<Tokens> {
    const url = new URL(
      `${platform.redirectUri}?code=${code}&iss=${encodeURIComponent(config.serverMetadata().issuer)}`,
    )
    return oauth.authorizationCodeGrant(config, url, { pkceCodeVerifier: verifier, expectedNonce: 'once' })
  }

  /** Starts a redirect sign-in: pushes the request and opens the bank's page. */
  async function startRedirect(browser: Browser, extra: Record<string, string> = {}) {
    const config = await platform.discover(issuer('finbank-oauth'))
    const verifier = oauth.randomPKCECodeVerifier()
    const asked = { ...(await wish(verifier)), state: 'here', prompt: 'consent', response_type: 'code', ...extra }
    const url = await oauth.buildAuthorizationUrlWithPAR(config, asked)
    return { config, verifier, page: await browser.go(url.href), url }
  }

  /** The whole redirect sign-in as a customer walks it. Ends at the app's return address. */
  async function walkRedirect(
    login: string,
    consent: Record<string, string | readonly string[]> = { decision: 'allow' },
  ) {
    const browser = openBrowser(sandbox.url)
    const started = await startRedirect(browser)
    const asked = await browser.submit(started.page, '/sign-in', { login, password: login })
    const end: Seen = await browser.submit(asked, '/consent', consent)
    const finish = () =>
      oauth.authorizationCodeGrant(started.config, new URL(end.url), {
        pkceCodeVerifier: started.verifier,
        expectedState: 'here',
        expectedNonce: 'once',
      })
    return { ...started, browser, asked, end, finish }
  }

  const control = async (path: string, method = 'GET', body?: object) => {
    const response = await fetch(`${sandbox.url}/control${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } : {}),
    })
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : undefined }
  }

  return {
    platform,
    issuer,
    api: (slug: string) => `${issuer(slug)}/fdx/${slug.endsWith('-b') ? 'v5' : 'v6'}`,
    url: () => sandbox.url,
    databaseUrl,
    dropFolder,
    link,
    wish,
    exchange,
    startRedirect,
    walkRedirect,
    control,
    browser: () => openBrowser(sandbox.url),
    async restart() {
      const port = Number(new URL(sandbox.url).port)
      await sandbox.close()
      sandbox = await open(port)
    },
    async close() {
      await sandbox.close()
      await platform.close()
      await rm(dropFolder, { recursive: true, force: true })
      const admin = postgres(server, { max: 1 })
      await admin`drop database ${admin(name)} with (force)`
      await admin.end()
    },
  }
}
export type TestSandbox = Awaited<ReturnType<typeof openTestSandbox>>
