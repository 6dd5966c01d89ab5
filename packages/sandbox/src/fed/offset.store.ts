import type { Tx } from '../db/connect.ts'
import { platformAccount } from './offset.ts'

const { routingNumber, accountNumber } = platformAccount

/** Whether a row of `fed_entry` is the offset of its batch. */
export const isOffsetEntry = (tx: Tx) =>
  tx`(fed_entry.routing_number = ${routingNumber} and fed_entry.account_number = ${accountNumber})`

type Fragment = ReturnType<typeof isOffsetEntry>

/** Which of the batches that a query names have an offset. Each batch is read once, however many rows name it. */
export const balancedAmong = (tx: Tx, batches: Fragment): Fragment => tx`
  select distinct batch_id from fed_entry
  where batch_id in (select distinct batch_id from (${batches}) as named) and ${isOffsetEntry(tx)}`
