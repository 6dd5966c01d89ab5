import type { TestHouse } from '../../../test/test-house.ts'
import { type Tx, transact } from '../../db/connect.ts'
import { asDay, type Day } from '../../kernel/banking-day.ts'
import type { MerchantId, PaymentId } from '../../kernel/id.ts'
import { createMerchant } from '../../merchants/merchant.commands.ts'
import type { PaymentFact } from '../../payments/payment.ts'
import { applyFacts } from '../../payments/payment-fact.commands.ts'
import type { Check, Difference } from './check.ts'

export const monday = asDay('2026-01-05')

/** A merchant's payments, told facts as the platform tells them; files and reports are written down beside them. */
export type Story = Readonly<{
  merchantId: MerchantId
  pay(cents: number, type?: 'debit' | 'credit'): Promise<PaymentId>
  tell(ids: readonly PaymentId[], fact: PaymentFact, journal?: { id: string; day: Day }): Promise<void>
  /** Scheduled into a file, sent with it. Answers the file's id. */
  send(ids: readonly PaymentId[]): Promise<string>
  /** What the bank said, as it is written down. About an entry: with its trace number. Answers the report's id. */
  report(kind: string, told: object, status?: 'new' | 'applied' | 'excepted', about?: PaymentId): Promise<string>
}>

export async function openStory(t: TestHouse): Promise<Story> {
  const { house } = t
  const { sql } = house
  const merchantId = (await createMerchant(house, { name: 'Story' })).merchant.id
  const [customer, link, account] = [house.newId(), house.newId(), house.newId()]
  const at = house.now()
  await sql`insert into customer (id, merchant_id, first_name, last_name, email, phone, status, created_at)
    values (${customer}, ${merchantId}, 'Ada', 'Story', 'ada@example.com', null, 'active', ${at})`
  await sql`insert into link (id, merchant_id, customer_id, institution_id, consent_id, status, created_at)
    values (${link}, ${merchantId}, ${customer}, 'bank', 'consent', 'active', ${at})`
  await sql`insert into account (id, merchant_id, customer_id, link_id, ref, institution_id, institution_number,
      institution_name, name, type, last_four, routing_number, number_sealed, tokenised, status, preferred, created_at)
    values (${account}, ${merchantId}, ${customer}, ${link}, 'ref', 'bank', 1, 'Bank', 'Checking', 'checking', '1234',
      '011000015', 'sealed', true, 'active', true, ${at})`
  const story: Story = {
    merchantId,
    async pay(cents, type = 'debit') {
      const id = house.newId<'payment'>()
      await sql`insert into payment (id, merchant_id, customer_id, account_id, request_key, amount, currency, status,
          created_at, type)
        values (${id}, ${merchantId}, ${customer}, ${account}, ${id}, ${cents}, 'USD', 'created', ${at}, ${type})`
      await story.tell([id], { kind: 'approved' })
      return id
    },
    async tell(ids, fact, journal) {
      const { unfit } = await transact(sql, (tx) => applyFacts(house, tx, ids, () => fact, journal))
      if (unfit.length > 0) throw new Error(`it is ${unfit[0]?.status}, and was told ${fact.kind}`)
    },
    async send(ids) {
      const fileId = house.newId()
      await story.tell(ids, { kind: 'scheduled', fileId, effectiveOn: monday })
      await insertFile(t, fileId, ids)
      const journal = { id: `file:${fileId}:initiated:1`, day: monday }
      await story.tell(ids, { kind: 'initiated', traceNumber: '044444440000001' }, journal)
      return fileId
    },
    async report(kind, told, status = 'applied', about) {
      const id = house.newId()
      const [entry] = await sql<{ trace: string }[]>`
        select trace_number as trace from ach_entry where subject_id = ${about ?? null}`
      await sql`insert into ach_inbound (id, bank_id, name, sha256, bytes, received_at, status)
        values (${id}, 'meridian', 'report', ${id}, 1, ${at}, 'applied')`
      await sql`insert into ach_report (id, bank_id, inbound_id, line, key, kind, told, status)
        values (${id}, 'meridian', ${id}, 1, ${id}, ${kind},
          ${sql.json({ ...told, ...(entry ? { traceNumber: entry.trace } : {}) } as never)}, ${status})`
      return id
    },
  }
  return story
}

/**
 * What the checks say, looking at a change that is then undone. It is made as somebody with the keys of the database
 * could make it, who gets past every trigger.
 */
export async function differencesWith(
  { house }: TestHouse,
  checks: readonly Check[],
  change: (tx: Tx) => Promise<unknown>,
): Promise<Record<string, Difference>> {
  const found: Record<string, Difference> = {}
  const undone = new Error('undone')
  await transact(house.sql, async (tx) => {
    await tx`set local session_replication_role = replica`
    await change(tx)
    for (const { name, run } of checks) {
      const { difference } = await run(tx)
      if (difference) found[name] = difference
    }
    throw undone
  }).catch((error) => {
    if (error !== undone) throw error
  })
  return found
}

let modifier = 0

async function insertFile({ house }: TestHouse, fileId: string, ids: readonly PaymentId[]): Promise<void> {
  const { sql } = house
  const at = house.now()
  const batchId = house.newId()
  const letter = String.fromCharCode(65 + modifier++)
  await sql`insert into ach_file (id, bank_id, cut_off_at, part, speed, creation_date, creation_time, modifier,
      effective_on, status, entries, debits, credits, sha256, needs_release, created_at, sent_at, initiated_at)
    select ${fileId}, 'meridian', ${at}, ${modifier}, 'standard', ${monday}, '10:00', ${letter}, ${monday}, 'sent',
      count(*), coalesce(sum(amount) filter (where type = 'debit'), 0),
      coalesce(sum(amount) filter (where type <> 'debit'), 0), 'hash', false, ${at}, ${at}, ${at}
    from payment where id = any(${[...ids]}::uuid[])`
  await sql`insert into ach_batch (id, file_id, number, merchant_id, sec_code, description, company_name, direction)
    select ${batchId}, ${fileId}, 1, merchant_id, 'WEB', 'PURCHASE', 'STORY', 'debit' from payment
    where id = ${ids[0] ?? ''}`
  await sql`insert into ach_entry (bank_id, trace_number, file_id, batch_id, subject_kind, subject_id, presentment,
      amount, direction, transaction_code, routing_number, number_sealed, number_context, receiver_name, individual_id, discretionary,
      effective_on)
    select 'meridian', '04444444' || lpad((${modifier * 1_000} + row_number() over ())::text, 7, '0'),
      ${fileId}, ${batchId}, 'payment', id, presentment, amount,
      case type when 'debit' then 'debit' else 'credit' end, 27, '011000015', 'sealed', 'account', 'ADA STORY', '1', 'S', ${monday}
    from payment where id = any(${[...ids]}::uuid[])`
}
