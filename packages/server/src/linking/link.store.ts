import type { Sql, Tx } from '../db/connect.ts'
import type { CustomerId, LinkId, MerchantId } from '../kernel/id.ts'
import type { Link, LinkStatus } from './link.ts'

type Row = {
  id: string
  merchant_id: string
  customer_id: string
  institution_id: string
  status: LinkStatus
  holder_names: string[]
  grant_sealed: string | null
  created_at: Date
}

const toLink = (row: Row): Link => ({
  id: row.id as LinkId,
  merchantId: row.merchant_id as MerchantId,
  customerId: row.customer_id as CustomerId,
  institutionId: row.institution_id,
  status: row.status,
  holderNames: row.holder_names,
  grantSealed: row.grant_sealed,
  createdAt: row.created_at,
})

export async function insertLink(tx: Tx, link: Link): Promise<void> {
  await tx`insert into link (id, merchant_id, customer_id, institution_id, grant_sealed, status, holder_names, created_at)
    values (${link.id}, ${link.merchantId}, ${link.customerId}, ${link.institutionId}, ${link.grantSealed},
      ${link.status}, ${[...link.holderNames]}, ${link.createdAt})`
}

/** Leases the link to this caller until `until`. Undefined: somebody else has it, or there is nothing left to use. */
export async function leaseLink(sql: Sql, id: LinkId, now: Date, until: Date): Promise<Link | 'busy' | 'ended'> {
  const [row] = await sql<Row[]>`update link set lease_until = ${until}
    where id = ${id} and grant_sealed is not null and (lease_until is null or lease_until <= ${now})
    returning id, merchant_id, customer_id, institution_id, status, holder_names, grant_sealed, created_at`
  if (row) return toLink(row)
  const [there] = await sql`select 1 from link where id = ${id} and grant_sealed is not null`
  return there ? 'busy' : 'ended'
}

/** Gives the lease back, unless it ran out and somebody else has it by now. */
export async function releaseLink(sql: Sql, id: LinkId, until: Date): Promise<void> {
  await sql`update link set lease_until = null where id = ${id} and lease_until = ${until}`
}

export async function saveGrant(sql: Sql, id: LinkId, grantSealed: string): Promise<void> {
  await sql`update link set grant_sealed = ${grantSealed} where id = ${id} and status in ('active', 'ending')`
}

/** Ends a link for good; its tokens are forgotten. Answers whether it was in use until now. */
export async function endLink(tx: Tx, id: LinkId, status: 'revoked' | 'relink', at: Date): Promise<boolean> {
  const rows = await tx`update link set status = ${status}, grant_sealed = null, holder_names = '{}', ended_at = ${at}
    where id = ${id} and status in ('active', 'ending') returning id`
  return rows.length === 1
}

export async function markEnding(tx: Tx, id: LinkId): Promise<void> {
  await tx`update link set status = 'ending', holder_names = '{}' where id = ${id} and status = 'active'`
}

/** Sealed grants, a page at a time, for sealing them again after a key rotation. */
export async function listSealedGrants(sql: Sql, after: string | null): Promise<{ id: LinkId; sealed: string }[]> {
  return sql<{ id: LinkId; sealed: string }[]>`select id, grant_sealed as sealed from link
    where grant_sealed is not null ${after ? sql`and id > ${after}` : sql``} order by id limit 500`
}

/** Unless the grant was rotated meanwhile. */
export async function replaceSealedGrant(sql: Sql, id: string, before: string, sealed: string): Promise<void> {
  await sql`update link set grant_sealed = ${sealed} where id = ${id} and grant_sealed = ${before}`
}

export async function findHolderNames(sql: Sql, id: LinkId): Promise<readonly string[]> {
  const [row] = await sql<{ holder_names: string[] }[]>`select holder_names from link where id = ${id}`
  return row?.holder_names ?? []
}

export async function listUsableLinks(tx: Tx, customerId: CustomerId): Promise<LinkId[]> {
  const rows = await tx<{ id: LinkId }[]>`select id from link where customer_id = ${customerId} and status = 'active'`
  return rows.map(({ id }) => id)
}
