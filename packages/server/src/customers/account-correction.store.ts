import type { Sql, Tx } from '../db/connect.ts'
import type { AccountId, Id } from '../kernel/id.ts'

export type Numbers = Readonly<{
  type: 'checking' | 'savings'
  routingNumber: string
  numberSealed: string
  lastFour: string
}>

/** Locks the account until the transaction ends. */
export async function takeNumbers(tx: Tx, id: AccountId): Promise<Numbers | undefined> {
  const [row] = await tx<Numbers[]>`
    select type, routing_number as "routingNumber", number_sealed as "numberSealed", last_four as "lastFour"
    from account where id = ${id} for update`
  return row
}

export async function saveNumbers(tx: Tx, id: AccountId, numbers: Numbers): Promise<void> {
  await tx`update account set type = ${numbers.type}, routing_number = ${numbers.routingNumber},
    number_sealed = ${numbers.numberSealed}, last_four = ${numbers.lastFour} where id = ${id}`
}

export async function insertCorrection(
  tx: Tx,
  correction: {
    id: Id<'accountCorrection'>
    accountId: AccountId
    reportId: string
    code: string
    beforeSealed: string
    afterSealed: string
    at: Date
  },
): Promise<void> {
  await tx`insert into account_correction (id, account_id, report_id, code, before_sealed, after_sealed, corrected_at)
    values (${correction.id}, ${correction.accountId}, ${correction.reportId}, ${correction.code},
      ${correction.beforeSealed}, ${correction.afterSealed}, ${correction.at})`
}

type Side = 'before_sealed' | 'after_sealed'

export const listSealedSides = (
  sql: Sql,
  side: Side,
  after: string | null,
): Promise<{ id: string; sealed: string }[]> =>
  sql<{ id: string; sealed: string }[]>`
    select id, ${sql(side)} as sealed from account_correction
    where true ${after ? sql`and id > ${after}` : sql``} order by id limit 500`

export async function replaceSealedSide(
  sql: Sql,
  side: Side,
  row: { id: string; sealed: string },
  sealed: string,
): Promise<void> {
  await sql`update account_correction set ${sql(side)} = ${sealed} where id = ${row.id} and ${sql(side)} = ${row.sealed}`
}
