import type { House } from '../../house.ts'
import type { InboundId } from './report.ts'

/** A file that a bank has left for us. */
export type InboundFile = Readonly<{
  id: InboundId
  bankId: string
  name: string
  bytes: bigint
  receivedAt: Date
  /** Null: not read yet. */
  kind: 'acknowledgment' | 'settlement' | 'returns' | 'unknown' | null
  status: 'stored' | 'read' | 'applied'
  reports: number
  /** Lines that an earlier file had told already. */
  repeated: number
  /** How often the same bytes came again. */
  again: number
  /** What of it waits, or waited, for a person. */
  exceptions: number
}>

export type InboundFilter = Readonly<{ bankId?: string; limit: number }>

/** The newest first. */
export const listInbound = ({ sql }: Pick<House, 'sql'>, { bankId, limit }: InboundFilter): Promise<InboundFile[]> =>
  sql<InboundFile[]>`
    with newest as (
      select * from ach_inbound ${bankId === undefined ? sql`` : sql`where bank_id = ${bankId}`}
      order by received_at desc, id desc limit ${limit})
    select id, bank_id as "bankId", name, bytes, received_at as "receivedAt", kind, status, reports, repeated,
      (select count(*)::int from ach_inbound_again where inbound_id = newest.id) as again,
      (select count(*)::int from rail_exception where inbound_id = newest.id) as exceptions
    from newest order by received_at desc, id desc`
