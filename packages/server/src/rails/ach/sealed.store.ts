import type { Sql } from '../../db/connect.ts'

/** A sealed text and the key of its row, as one text. */
export type Sealed = Readonly<{ id: string; sealed: string }>

/** What is sealed in a table: read a page at a time by key, replaced where the old text still stands. */
export type SealedTable = Readonly<{
  list(sql: Sql, after: string | null): Promise<Sealed[]>
  replace(sql: Sql, row: Sealed, sealed: string): Promise<unknown>
}>

const page = 500
const nowhere = '00000000-0000-0000-0000-000000000000'

const pieces = (table: 'ach_file_piece' | 'ach_inbound_piece', owner: 'file_id' | 'inbound_id'): SealedTable => ({
  list(sql, after) {
    const [id = nowhere, piece = '-1'] = after?.split('/') ?? []
    return sql<Sealed[]>`
      select ${sql(owner)} || '/' || piece as id, sealed from ${sql(table)}
      where (${sql(owner)}, piece) > (${id}::uuid, ${piece}::int) order by ${sql(owner)}, piece limit ${page}`
  },
  replace(sql, row, sealed) {
    const [id = '', piece = ''] = row.id.split('/')
    return sql`update ${sql(table)} set sealed = ${sealed}
      where ${sql(owner)} = ${id}::uuid and piece = ${piece}::int and sealed = ${row.sealed}`
  },
})

const texts = (table: 'ach_report' | 'rail_exception'): SealedTable => ({
  list: (sql, after) => sql<Sealed[]>`
    select id, sealed from ${sql(table)}
    where sealed is not null and id > ${after ?? nowhere}::uuid order by id limit ${page}`,
  replace: (sql, row, sealed) =>
    sql`update ${sql(table)} set sealed = ${sealed} where id = ${row.id}::uuid and sealed = ${row.sealed}`,
})

export const sentPieces = pieces('ach_file_piece', 'file_id')
export const receivedPieces = pieces('ach_inbound_piece', 'inbound_id')
export const reportTexts = texts('ach_report')
export const exceptionTexts = texts('rail_exception')

/** The account numbers of entries. The key ends in what each was sealed for. */
export const entryNumbers: SealedTable = {
  list(sql, after) {
    const [bank = '', trace = '', day = '0001-01-01'] = after?.split('/') ?? []
    return sql<Sealed[]>`
      select concat_ws('/', bank_id, trace_number, effective_on, number_context) as id, number_sealed as sealed
      from ach_entry where (bank_id, trace_number, effective_on) > (${bank}, ${trace}, ${day}::date)
      order by bank_id, trace_number, effective_on limit ${page}`
  },
  replace(sql, row, sealed) {
    const [bank = '', trace = '', day = ''] = row.id.split('/')
    return sql`update ach_entry set number_sealed = ${sealed} where bank_id = ${bank} and trace_number = ${trace}
      and effective_on = ${day}::date and number_sealed = ${row.sealed}`
  },
}
