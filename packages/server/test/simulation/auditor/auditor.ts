import type { Sql } from '../../../src/db/connect.ts'
import { judgeBooks } from './books.ts'
import { type Replayed, replayPayment, replayPayout } from './diary-model.ts'
import type { Evidence } from './evidence.ts'
import { judgeFiles, type Outside } from './files.ts'
import { noRecords, type Records, readNew } from './records.ts'
import { judgeSubjects } from './subjects.ts'

/** Says what does not agree with what. It keeps its own records, and shares no code with what it judges. */
export type Auditor = Readonly<{
  /** What is wrong now, a sentence each. */
  audit(): Promise<string[]>
  counts: { audits: number }
}>

export function openAuditor(sql: Sql, outside: Outside): Auditor {
  const records = noRecords()
  const counts = { audits: 0 }
  let mark = 0n
  return {
    counts,
    async audit() {
      const next = await readNew(sql, records, mark)
      if (next === mark) return []
      mark = next
      counts.audits++
      const evidence = putTogether(records)
      return [...judgeSubjects(evidence), ...judgeBooks(evidence), ...judgeFiles(evidence, outside)]
    },
  }
}

function putTogether(records: Records): Evidence {
  const diaries = Map.groupBy(records.lines.values(), ({ of }) => of)
  for (const lines of diaries.values()) lines.sort((a, b) => a.seq - b.seq)
  const events = [...records.events.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const eventsOf = new Map<string, string[]>()
  for (const { resource, type } of events) eventsOf.set(resource, [...(eventsOf.get(resource) ?? []), type])
  const replays = new Map<string, Replayed>()
  const factsOf = (id: string) => (diaries.get(id) ?? []).map(({ fact }) => fact)
  for (const payment of records.payments.values()) replays.set(payment.id, replayPayment(payment, factsOf(payment.id)))
  for (const payout of records.payouts.values()) replays.set(payout.id, replayPayout(payout, factsOf(payout.id)))
  const entriesOf = Map.groupBy(records.entries.values(), ({ subject }) => subject ?? '')
  return { records, diaries, entriesOf, eventsOf, replays }
}
