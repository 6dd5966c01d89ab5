import { createPrivateKey, type JsonWebKey } from 'node:crypto'
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  type Configuration,
  customFetch,
  discovery,
  PrivateKeyJwt,
} from 'openid-client'
import type { Logger } from 'pino'
import { assert } from '../../kernel/assert.ts'
import { oauthProblem } from './oauth-problem.ts'
import type { Outside } from './outside.ts'
import type { FdxBank } from './settings.ts'

const lifeMs = 3_600_000

/** The key with which the banks know us. */
export type SigningKey = Readonly<{ kid: string; privateJwk: JsonWebKey }>

/** A bank's authorization server as it described itself, and how we prove to it who we are. */
export type Site = Readonly<{ configuration: Configuration; authenticate: ClientAuth }>

export type Sites = Readonly<{
  /** Undefined: the bank does not say where its endpoints are. Success is remembered for an hour, failure never. */
  find(bank: FdxBank): Promise<Site | undefined>
}>

export function openSites(
  deps: Readonly<{
    outside: Outside
    signingKey: SigningKey
    now: () => Date
    log: Logger
    allowInsecure: boolean
  }>,
): Sites {
  const found = new Map<string, { site: Site; until: number }>()
  const asking = new Map<string, Promise<Site | undefined>>()
  const key = es256(deps.signingKey)

  function authenticationOf(bank: FdxBank): ClientAuth {
    if (bank.tokenAuth === 'private_key_jwt') return PrivateKeyJwt({ key, kid: deps.signingKey.kid })
    assert(bank.clientSecret, `bank '${bank.id}' has a client secret`)
    return ClientSecretBasic(bank.clientSecret)
  }

  async function ask(bank: FdxBank): Promise<Site | undefined> {
    const authenticate = authenticationOf(bank)
    let configuration: Configuration | undefined
    try {
      configuration = await discovery(new URL(bank.issuer), bank.clientId, {}, authenticate, {
        ...(deps.allowInsecure ? { execute: [allowInsecureRequests] } : {}),
        [customFetch]: (url, { body, headers, method, signal }) =>
          deps.outside.send({ bank: bank.id, name: callName(configuration, url), ...(signal ? { signal } : {}) }, url, {
            method,
            headers,
            body: body ?? null,
          }),
      })
      if (configuration.serverMetadata().issuer !== bank.issuer) {
        deps.log.warn({ bank: bank.id, call: 'discovery', problem: 'issuer_differs' }, 'bank not understood')
        return undefined
      }
      const site = { configuration, authenticate }
      found.set(bank.id, { site, until: deps.now().getTime() + lifeMs })
      return site
    } catch (error) {
      const problem = oauthProblem(error)
      deps.log.warn({ bank: bank.id, call: 'discovery', problem: problem.word }, 'bank not understood')
      return undefined
    }
  }

  return {
    find(bank) {
      const known = found.get(bank.id)
      if (known && known.until > deps.now().getTime()) return Promise.resolve(known.site)
      const asked = asking.get(bank.id) ?? ask(bank).finally(() => asking.delete(bank.id))
      asking.set(bank.id, asked)
      return asked
    },
  }
}

/** OAuth endpoints have no ids in them, but only the bank knows what else is in their addresses. */
function callName(configuration: Configuration | undefined, url: string): string {
  const server = configuration?.serverMetadata()
  if (url === server?.token_endpoint) return 'token'
  if (url === server?.pushed_authorization_request_endpoint) return 'pushed-authorization'
  return url === server?.revocation_endpoint ? 'token-revocation' : 'discovery'
}

function es256({ privateJwk }: SigningKey) {
  const key = createPrivateKey({ key: privateJwk, format: 'jwk' })
  return key.toCryptoKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
}
