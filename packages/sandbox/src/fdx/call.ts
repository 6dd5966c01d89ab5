import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { createLocalJWKSet, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { apiOf, type Bank, issuerOf } from '../banks/bank.ts'
import { type Customer, findCustomer } from '../banks/customer.store.ts'
import { currentConsent } from '../consents/consent.commands.ts'
import { type Cluster, type Consent, clusters } from '../consents/consent.ts'
import { takeFaults } from '../faults/fault.store.ts'
import type { Fault, FaultKind, FaultResource } from '../faults/fault.ts'
import { publicKey, SIGNING_ALG } from '../oauth/keys.ts'
import type { World } from '../world.ts'
import { FdxError, type FdxErrorKind } from './errors.ts'

/** One call of the data interface, by a client we know, for a customer who allowed it. */
export type Call = Readonly<{
  customer: Customer
  consent: Consent
  scopes: ReadonlySet<string>
  faults: ReadonlySet<FaultKind>
}>

export type Rule = Readonly<{
  resource: FaultResource
  /** Any one of these opens the door; none means the token alone does. */
  needs: readonly Cluster[]
  /** Reading and ending a consent must work after its end, to say that it ended. */
  allowsEnded?: boolean
}>

/** Faults that are a refusal and nothing else. */
const refusals: Partial<Record<FaultKind, FdxErrorKind>> = {
  account_closed: 'account_closed',
  account_locked: 'account_locked',
  too_many_requests: 'too_many_requests',
  maintenance: 'maintenance',
  internal: 'internal',
  subsystem: 'subsystem',
  version_not_supported: 'version_not_supported',
  not_authenticated: 'not_authenticated',
}

export type Door = (request: FastifyRequest, rule: Rule) => Promise<Call>

export const covers = (call: Pick<Call, 'consent' | 'scopes'>, cluster: Cluster): boolean =>
  call.consent.clusters.includes(cluster) && call.scopes.has(clusters[cluster].scope)

function delayOf(world: World, customer: Customer, rule: Rule, faults: readonly Fault[]): number {
  const isSlow = customer.temper === 'slow' || (customer.temper === 'slow_balances' && rule.resource === 'account')
  const asked = faults.filter((fault) => fault.kind === 'slow').map((fault) => fault.delayMs ?? world.slowMs)
  return Math.max(isSlow ? world.slowMs : 0, ...asked)
}

async function readToken(world: World, bank: Bank, keys: JWTVerifyGetKey, header: string | undefined) {
  const [, token] = /^Bearer ([\w.~+/=-]+)$/i.exec(header ?? '') ?? []
  if (!token) throw new FdxError('not_authenticated', 'a Bearer token is required')
  const { payload } = await jwtVerify(token, keys, {
    algorithms: [SIGNING_ALG],
    issuer: issuerOf(world.url, bank),
    audience: apiOf(world.url, bank),
    typ: 'at+jwt',
  }).catch(() => {
    throw new FdxError('not_authenticated', 'the token is not valid, or no longer')
  })
  return payload
}

/**
 * The door of a bank's data interface. Tokens are only a claim: the consent itself is looked up on every call, so a
 * customer who takes it back is obeyed at once.
 * Refuses: not_authenticated, not_authorized, and whatever faults are switched on.
 */
export function openDoor(world: World, bank: Bank): Door {
  const keys = createLocalJWKSet({ keys: [publicKey(world.keys, bank.slug)] })
  return async (request, rule) => {
    const token = await readToken(world, bank, keys, request.headers.authorization)
    const customer = await findCustomer(world.sql, bank.slug, token.sub ?? '')
    const consent = await currentConsent(world, bank.slug, String(token.fdxConsentId ?? ''))
    if (!customer || !consent) throw new FdxError('not_authenticated', 'the token belongs to nobody here')

    const faults = await takeFaults(world.sql, { bank: bank.slug, login: customer.login, resource: rule.resource })
    const kinds = new Set(faults.map((fault) => fault.kind))
    request.fdxCodesAreNumbers = kinds.has('number_codes')
    const delay = delayOf(world, customer, rule, faults)
    if (delay > 0) await wait(delay)

    if (consent.status !== 'ACTIVE' && !rule.allowsEnded)
      throw new FdxError('not_authorized', `the consent is ${consent.status.toLowerCase()}`)
    const call = { customer, consent, scopes: new Set(String(token.scope ?? '').split(' ')), faults: kinds }
    if (rule.needs.length > 0 && !rule.needs.some((cluster) => covers(call, cluster)))
      throw new FdxError('not_authorized', 'the consent does not cover this')
    for (const kind of kinds) {
      const refusal = refusals[kind]
      if (refusal) throw new FdxError(refusal, `a fault is switched on: ${kind}`)
    }
    return call
  }
}
