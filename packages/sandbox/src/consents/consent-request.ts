import { type Cluster, type ConsentRequest, clusterNames, clusters, type DurationType } from './consent.ts'

export const DETAIL_TYPE = 'fdx_v1.0'

/** The longest a permission may live after the customer gave it, under the US rule on personal financial data. */
const LONGEST_DAYS = 365

/** Spellings found in published examples beside the standard ones. */
const durationTypes: Readonly<Record<string, DurationType>> = {
  ONE_TIME: 'ONE_TIME',
  ONETIME: 'ONE_TIME',
  TIME_BOUND: 'TIME_BOUND',
  TIME_BASED: 'TIME_BOUND',
  PERSISTENT: 'PERSISTENT',
}
const oldClusterNames: Readonly<Record<string, Cluster>> = { ACCOUNT_PAYMENTS: 'PAYMENT_SUPPORT' }

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const asCluster = (name: unknown): Cluster | undefined =>
  typeof name !== 'string' ? undefined : (oldClusterNames[name] ?? clusterNames.find((known) => known === name))

function readClusters(resources: unknown): Cluster[] | string {
  if (!Array.isArray(resources) || resources.length === 0)
    return 'consentRequest.resources must name at least one resource'
  const found = new Set<Cluster>()
  for (const resource of resources) {
    const names: unknown = isRecord(resource) ? resource.dataClusters : undefined
    if (!Array.isArray(names) || names.length === 0) return 'each resource must name its dataClusters'
    for (const name of names) {
      const cluster = asCluster(name)
      if (!cluster) return `data cluster '${String(name)}' is not offered here`
      found.add(cluster)
    }
  }
  return [...found]
}

function isDays(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most
}

/** Reads one element of `authorization_details`. A string is what is wrong with it. */
export function readConsentRequest(detail: unknown): ConsentRequest | string {
  const asked: unknown = isRecord(detail) ? detail.consentRequest : undefined
  if (!isRecord(asked)) return 'consentRequest is missing'
  const durationType = typeof asked.durationType === 'string' ? durationTypes[asked.durationType] : undefined
  if (!durationType) return 'consentRequest.durationType must be ONE_TIME, TIME_BOUND or PERSISTENT'
  const durationDays = asked.durationPeriod ?? LONGEST_DAYS
  if (!isDays(durationDays, LONGEST_DAYS)) return `consentRequest.durationPeriod must be 0 to ${LONGEST_DAYS} days`
  const lookbackDays = asked.lookbackPeriod ?? 0
  if (!isDays(lookbackDays, 3650)) return 'consentRequest.lookbackPeriod must be 0 to 3650 days'
  const wanted = readClusters(asked.resources)
  if (typeof wanted === 'string') return wanted
  // A one-time permission lives a day: long enough to be used, too short to be kept.
  return {
    durationType,
    durationDays: durationType === 'ONE_TIME' ? 1 : durationDays || LONGEST_DAYS,
    lookbackDays,
    clusters: wanted,
  }
}

const scopesToClusters = (scope: string): Cluster[] => {
  const asked = new Set(scope.split(' ').map((name) => name.replace('accountpayments', 'paymentsupport')))
  return clusterNames.filter((name) => asked.has(clusters[name].scope))
}

/**
 * What an authorization request asks for: its consent request, as far as its scopes go too.
 * A client that sends scopes alone asks for a year. A string is what is wrong with the request.
 */
export function readAuthorization(scope: string, authorizationDetails: string | undefined): ConsentRequest | string {
  const byScope = scopesToClusters(scope)
  if (authorizationDetails === undefined)
    return { durationType: 'PERSISTENT', durationDays: LONGEST_DAYS, lookbackDays: 0, clusters: byScope }
  let details: unknown
  try {
    details = JSON.parse(authorizationDetails)
  } catch {
    return 'authorization_details is not JSON'
  }
  if (!Array.isArray(details) || details.length !== 1) return 'authorization_details must hold exactly one element'
  if (!isRecord(details[0]) || details[0].type !== DETAIL_TYPE)
    return `authorization_details type must be ${DETAIL_TYPE}`
  const asked = readConsentRequest(details[0])
  if (typeof asked === 'string') return asked
  return { ...asked, clusters: asked.clusters.filter((name) => byScope.includes(name)) }
}
