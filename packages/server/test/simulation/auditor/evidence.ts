import type { Replayed } from './diary-model.ts'
import type { EntryRecord, Line, Records } from './records.ts'

/** What the judges look at: the records, put together by what they are about, and every diary replayed. */
export type Evidence = Readonly<{
  records: Records
  diaries: ReadonlyMap<string, readonly Line[]>
  entriesOf: ReadonlyMap<string, readonly EntryRecord[]>
  eventsOf: ReadonlyMap<string, readonly string[]>
  replays: ReadonlyMap<string, Replayed>
}>
