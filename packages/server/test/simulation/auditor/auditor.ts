import type { Sql } from '../../../src/db/connect.ts'
import { judgeAnswers, type Told } from './answers.ts'
import { judgeBooks } from './books.ts'
import { type Replayed, replayPayment, replayPayout } from './diary-model.ts'
import type { Evidence } from './evidence.ts'
import { type Drop, openFileJudge } from './files.ts'
import { openReportJudge } from './for-merchants.ts'
import { judgePlaces } from './places.ts'
import { judgePresentments } from './presentments.ts'
import { judgeRates, type Watched } from './rates.ts'
import { readNew } from './read-records.ts'
import { noRecords, type Records } from './records.ts'
import { judgeSubjects } from './subjects.ts'

/** What can be seen from outside of the house. */
export type Outside = Readonly<{
  bank: Drop
  /** What was put into the merchants' drop: texts by name. */
  merchants: ReadonlyMap<string, string>
  /** What was promised to whoever asked for something, and what the house said to it. */
  told: readonly Told[]
  watched: Watched
}>

/** Says what does not agree with what. It keeps its own records, and shares no code with what it judges. */
export type Auditor = Readonly<{
  /** What is wrong now, a sentence each. */
  audit(): Promise<string[]>
  records: Records
  counts: { audits: number }
}>

export function openAuditor(sql: Sql, outside: Outside): Auditor {
  const records = noRecords()
  const counts = { audits: 0 }
  const judgeFiles = openFileJudge()
  const judgeReports = openReportJudge()
  let mark = 0n
  let told = 0
  return {
    records,
    counts,
    async audit() {
      const read = await readNew(sql, records, mark)
      mark = read.mark
      if (!read.isAny && told === outside.told.length) return []
      told = outside.told.length
      counts.audits++
      const evidence = putTogether(records)
      return [
        ...[...judgeSubjects(evidence), ...judgeBooks(evidence), ...judgePresentments(evidence)],
        ...[...judgeFiles(evidence, outside.bank), ...judgeAnswers(evidence, outside.told)],
        ...[...judgeReports(evidence, outside.merchants), ...judgeRates(evidence, outside.watched)],
        ...judgePlaces(evidence),
      ]
    },
  }
}

function putTogether(records: Records): Evidence {
  const diaries = Map.groupBy(records.lines.values(), ({ of }) => of)
  for (const lines of diaries.values()) lines.sort((a, b) => a.seq - b.seq)
  const events = [...records.events.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const eventsOf = new Map<string, string[]>()
  for (const { resource, type } of events) {
    const before = eventsOf.get(resource)
    if (before) before.push(type)
    else eventsOf.set(resource, [type])
  }
  const replays = new Map<string, Replayed>()
  const factsOf = (id: string) => (diaries.get(id) ?? []).map(({ fact }) => fact)
  for (const payment of records.payments.values())
    replays.set(payment.id, replayPayment(payment, factsOf(payment.id), records.merchants.get(payment.merchant)))
  for (const payout of records.payouts.values()) replays.set(payout.id, replayPayout(payout, factsOf(payout.id)))
  const entriesOf = Map.groupBy(records.entries.values(), ({ subject }) => subject ?? '')
  return { records, diaries, entriesOf, eventsOf, replays }
}
