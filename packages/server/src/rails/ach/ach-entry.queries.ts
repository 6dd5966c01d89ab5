import type { House } from '../../house.ts'

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
