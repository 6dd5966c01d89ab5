import type { Provider } from 'oidc-provider'
import { apiOf, type Bank } from '../banks/bank.ts'
import type { Customer } from '../banks/customer.store.ts'
import { giveConsent } from '../consents/consent.commands.ts'
import { type Consent, type ConsentRequest, clusters } from '../consents/consent.ts'
import { DETAIL_TYPE } from '../consents/consent-request.ts'
import type { World } from '../world.ts'

/** What a token says the customer allowed: the accounts chosen, and no more than was asked. */
const toDetail = (consent: Consent) => ({
  type: DETAIL_TYPE,
  consentRequest: {
    durationType: consent.durationType,
    durationPeriod: consent.durationDays,
    lookbackPeriod: consent.lookbackDays,
    resources: consent.accountIds.map((resourceId) => ({
      resourceType: 'ACCOUNT',
      resourceId,
      dataClusters: [...consent.clusters],
    })),
  },
})

export const scopeOf = (request: Pick<ConsentRequest, 'clusters'>): string =>
  request.clusters.map((name) => clusters[name].scope).join(' ')

const protocolScopes = (scope: string): string =>
  scope
    .split(' ')
    .filter((name) => name === 'openid' || name === 'offline_access')
    .join(' ')

export type Allowed = Readonly<{
  customer: Customer
  clientId: string
  /** As asked: `openid offline_access fdx:…`. */
  scope: string
  request: ConsentRequest
  accountIds: readonly string[]
}>

/** Writes the consent and the OAuth grant of the same id. Codes and tokens hang from it and end with it. */
export async function grant(world: World, bank: Bank, provider: Provider, allowed: Allowed): Promise<Consent> {
  const consent = await giveConsent(world, allowed)
  const record = new provider.Grant({ accountId: allowed.customer.id, clientId: allowed.clientId })
  record.jti = consent.id
  record.addOIDCScope(protocolScopes(allowed.scope))
  record.addResourceScope(apiOf(world.url, bank), scopeOf(allowed.request))
  record.addRar(toDetail(consent))
  await record.save()
  return consent
}
