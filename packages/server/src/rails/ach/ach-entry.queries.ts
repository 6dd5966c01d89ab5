import type { House } from '../../house.ts'
import type { PaymentId } from '../../kernel/id.ts'

/** The newest entry of a payment or payout that was put into a file. Undefined: none yet. */
export async function findLatestEntry(
  house: Pick<House, 'sql'>,
  subjectId: string,
): Promise<{ traceNumber: string; bankId: string } | undefined> {
  const [row] = await house.sql<{ traceNumber: string; bankId: string }[]>`
    select trace_number as "traceNumber", bank_id as "bankId" from ach_entry
    where subject_id = ${subjectId} and not voided order by presentment desc limit 1`
  return row
}

/** Which payment the newest entry with a trace number is of, and which presentment of it. Undefined: none. */
export async function findPaymentByTrace(
  house: Pick<House, 'sql'>,
  traceNumber: string,
): Promise<{ paymentId: PaymentId; presentment: number } | undefined> {
  const [row] = await house.sql<{ paymentId: PaymentId; presentment: number }[]>`
    select subject_id as "paymentId", presentment from ach_entry
    where trace_number = ${traceNumber} and subject_kind = 'payment' and not voided
    order by effective_on desc limit 1`
  return row
}
