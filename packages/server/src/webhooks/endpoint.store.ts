import type { Sql, Tx } from '../db/connect.ts'
import { type Id, looksLikeId, type MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { DisabledWhy, Endpoint, EndpointId, Health } from './endpoint.ts'
import type { Category, EventType } from './event.ts'

export type EndpointRow = {
  id: EndpointId
  merchant_id: MerchantId
  url: string
  description: string | null
  everything: boolean
  categories: Category[]
  types: EventType[]
  except_types: EventType[]
  alert_email: string | null
  status: Endpoint['status']
  disabled_why: DisabledWhy | null
  told_to: bigint
  failures: number
  failing_since: Date | null
  probe_at: Date | null
  alerted_at: Date | null
  created_at: Date
}

export const toEndpoint = (row: EndpointRow): Endpoint => ({
  id: row.id,
  merchantId: row.merchant_id,
  url: row.url,
  description: row.description,
  alertEmail: row.alert_email,
  subscription: {
    everything: row.everything,
    categories: row.categories,
    types: row.types,
    except: row.except_types,
  },
  status: row.status,
  disabledWhy: row.disabled_why,
  toldTo: Number(row.told_to),
  health: {
    failures: row.failures,
    failingSince: row.failing_since,
    probeAt: row.probe_at,
    alertedAt: row.alerted_at,
  },
  createdAt: row.created_at,
})

/** Begins after what has happened by now. */
export async function insertEndpoint(tx: Tx, endpoint: Omit<Endpoint, 'toldTo' | 'health'>): Promise<void> {
  const { everything, categories, types, except } = endpoint.subscription
  await tx`
    insert into webhook_endpoint (id, merchant_id, url, description, everything, categories, types, except_types,
      alert_email, status, disabled_why, told_to, created_at)
    values (${endpoint.id}, ${endpoint.merchantId}, ${endpoint.url}, ${endpoint.description}, ${everything},
      ${[...categories]}, ${[...types]}, ${[...except]}, ${endpoint.alertEmail}, ${endpoint.status},
      ${endpoint.disabledWhy},
      coalesce((select last from event_counter where merchant_id = ${endpoint.merchantId}), 0), ${endpoint.createdAt})`
}

/** What a merchant may change of an endpoint. */
export async function saveEndpoint(tx: Tx, endpoint: Endpoint): Promise<void> {
  const { everything, categories, types, except } = endpoint.subscription
  await tx`
    update webhook_endpoint set url = ${endpoint.url}, description = ${endpoint.description},
      everything = ${everything}, categories = ${[...categories]}, types = ${[...types]},
      except_types = ${[...except]}, alert_email = ${endpoint.alertEmail}, status = ${endpoint.status},
      disabled_why = ${endpoint.disabledWhy}
    where id = ${endpoint.id}`
}

/** What its lane has seen of it. */
export async function saveHealth(tx: Tx, id: EndpointId, health: Health): Promise<void> {
  await tx`
    update webhook_endpoint set failures = ${health.failures}, failing_since = ${health.failingSince},
      probe_at = ${health.probeAt}, alerted_at = ${health.alertedAt}
    where id = ${id}`
}

/**
 * Nobody looks at what an endpoint does not want, so that its place may be far behind. Before it wants something else
 * it moves up to what it has not been told of what it wanted until now: what happened before is not told to it.
 */
export async function passUnwanted(
  tx: Tx,
  { id, merchantId, toldTo }: Endpoint,
  wanted: readonly EventType[],
): Promise<void> {
  await tx`
    update webhook_endpoint set told_to = greatest(told_to, coalesce(
      (select min(sequence) - 1 from event_sequence
        where merchant_id = ${merchantId} and sequence > ${toldTo} and type = any(${[...wanted]})),
      (select last from event_counter where merchant_id = ${merchantId}), 0))
    where id = ${id}`
}

export async function findEndpoint(sql: Sql | Tx, id: string): Promise<Endpoint | undefined> {
  const [row] = await sql<EndpointRow[]>`select * from webhook_endpoint where id = ${id}`
  return row && toEndpoint(row)
}

/** Answers whether it was enabled until now. */
export async function disable(tx: Tx, id: EndpointId, why: DisabledWhy): Promise<boolean> {
  const rows = await tx`update webhook_endpoint set status = 'disabled', disabled_why = ${why}
    where id = ${id} and status = 'enabled' returning id`
  return rows.length > 0
}

/** Locks the row until the transaction ends. Refuses: subscription_not_found, also for one that has ended. */
export async function takeEndpoint(tx: Tx, merchantId: MerchantId, id: string): Promise<Endpoint> {
  const [row] = looksLikeId(id)
    ? await tx<EndpointRow[]>`
        select * from webhook_endpoint where id = ${id} and merchant_id = ${merchantId} and status <> 'ended'
        for no key update`
    : []
  if (!row) throw new Refusal('subscription_not_found', { id })
  return toEndpoint(row)
}

/** In the order in which they were made, those that have ended left out. */
export async function listEndpointRows(sql: Sql | Tx, merchantIds: readonly MerchantId[]): Promise<Endpoint[]> {
  const rows = await sql<EndpointRow[]>`
    select * from webhook_endpoint where merchant_id = any(${[...merchantIds]}::uuid[]) and status <> 'ended'
    order by id`
  return rows.map(toEndpoint)
}

export type SecretId = Id<'webhookSecret'>
export type SealedSecret = Readonly<{ id: SecretId; sealed: string }>

/** It does not expire. */
export async function insertSecret(
  tx: Tx,
  secret: SealedSecret & { endpointId: EndpointId; createdAt: Date },
): Promise<void> {
  await tx`insert into webhook_secret (id, endpoint_id, sealed, created_at)
    values (${secret.id}, ${secret.endpointId}, ${secret.sealed}, ${secret.createdAt})`
}

/** All but the newest end now; the newest at `until`. */
export async function letSecretsExpire(tx: Tx, endpointId: EndpointId, now: Date, until: Date): Promise<void> {
  await tx`update webhook_secret set expires_at = case when expires_at is null then ${until}::timestamptz else ${now}::timestamptz end
    where endpoint_id = ${endpointId} and (expires_at is null or expires_at > ${now})`
}

/** Those that sign at this moment, the newest first. */
export function listLiveSecrets(sql: Sql | Tx, endpointId: EndpointId, now: Date): Promise<SealedSecret[]> {
  return sql<SealedSecret[]>`
    select id, sealed from webhook_secret
    where endpoint_id = ${endpointId} and (expires_at is null or expires_at > ${now})
    order by expires_at desc nulls first, id desc`
}

export const listSealedSecrets = (sql: Sql, after: string | null): Promise<{ id: SecretId; sealed: string }[]> =>
  sql<{ id: SecretId; sealed: string }[]>`
    select id, sealed from webhook_secret where true ${after ? sql`and id > ${after}` : sql``} order by id limit 500`

export async function replaceSealedSecret(sql: Sql, id: string, before: string, sealed: string): Promise<void> {
  await sql`update webhook_secret set sealed = ${sealed} where id = ${id} and sealed = ${before}`
}
