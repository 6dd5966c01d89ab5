import type { Tx } from '../db/connect.ts'
import { takeFedFault } from './fault.store.ts'
import { insertReport } from './report.store.ts'
import { type Acknowledged, acknowledgmentCsv } from './report.ts'

type Due = Acknowledged & Readonly<{ id: bigint }>

/** Says to each file whose time has come what became of it, or loses what it had to say. */
export async function acknowledgeDue(tx: Tx, at: Date): Promise<void> {
  const due = await tx<Due[]>`
    select id, immediate_origin as "immediateOrigin", immediate_destination as "immediateDestination",
      creation_date as "creationDate", creation_time as "creationTime", file_id_modifier as "fileIdModifier",
      verdict, entries, debits, credits, message
    from fed_file where acknowledgment is null and acknowledge_at <= ${at} order by id for update`
  for (const file of due) {
    const isLost = await takeFedFault(tx, 'lose_acknowledgment')
    if (!isLost) await insertReport(tx, 'acknowledgment', at, acknowledgmentCsv(file))
    await tx`update fed_file set acknowledgment = ${isLost ? 'lost' : 'sent'} where id = ${file.id}`
  }
}
