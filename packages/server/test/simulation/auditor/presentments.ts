import type { Evidence } from './evidence.ts'
import type { AchRecord, Fact, ReportRecord } from './records.ts'

type Say = (what: string) => void

/**
 * Each time that something was put into a file, there is one entry, which stands until it was taken back; and what the
 * bank is said to have told, it has told of that entry.
 */
export function judgePresentments(evidence: Evidence): string[] {
  const { records, replays } = evidence
  const wrong: string[] = []
  const entriesOf = Map.groupBy(records.ach.values(), ({ subject }) => subject)
  const reportsOf = Map.groupBy(records.reports.values(), ({ told }) => String(told.traceNumber ?? ''))
  for (const subject of entriesOf.keys())
    if (!replays.has(subject)) wrong.push(`entries of ${subject}, which is nothing`)
  for (const id of replays.keys()) {
    const say: Say = (what) => wrong.push(`${id}: ${what}`)
    const entries = entriesOf.get(id) ?? []
    const amount = records.payments.get(id)?.amount ?? records.payouts.get(id)?.amount
    if (entries.some((one) => one.amount !== amount)) say('an entry is not of its amount')
    const live = entries.filter((one) => !one.voided)
    if (new Set(live.map(({ presentment }) => presentment)).size < live.length)
      say('it stands in two files for the same presentment')
    judgeLines(evidence, id, entries, reportsOf, say)
  }
  return wrong
}

function judgeLines(
  evidence: Evidence,
  id: string,
  entries: readonly AchRecord[],
  reportsOf: ReadonlyMap<string, readonly ReportRecord[]>,
  say: Say,
): void {
  let open: AchRecord | undefined
  const taken: AchRecord[] = []
  for (const { fact, seq } of evidence.diaries.get(id) ?? []) {
    if (fact.kind === 'scheduled') {
      open = entries.find((one) => one.file === fact.fileId && !taken.includes(one))
      if (open) taken.push(open)
      else say(`it was scheduled for ${fact.fileId}, and has no entry there`)
    }
    if (fact.kind === 'initiated' && open?.trace !== fact.traceNumber)
      say(`it was initiated as ${fact.traceNumber}, and its entry is ${open?.trace}`)
    if (fact.kind === 'settled' && !hasSettled(evidence, id, seq, open)) say(`line ${seq}: another file has settled`)
    const told = reportsOf.get(open?.trace ?? '') ?? []
    if (fact.kind === 'returned' && !told.some((report) => saysReturned(report, fact)))
      say(`line ${seq}: no bank has told that ${open?.trace} came back`)
    const isBack = fact.kind === 'unscheduled' || fact.kind === 'refused'
    if (isBack && open?.voided !== true) say('it was taken back, and its entry still stands')
    if (isBack) open = undefined
  }
  if (taken.length !== entries.length) say(`it has ${entries.length} entries, and ${taken.length} in its diary`)
  if (open?.voided) say('its entry is void, though nothing took it back')
}

/** What a settlement posts is named after the report, and the report names the file. */
function hasSettled({ entriesOf, records }: Evidence, id: string, seq: number, open: AchRecord | undefined): boolean {
  const journal = entriesOf.get(id)?.find((one) => one.seq === seq)?.journal ?? ''
  const told = records.reports.get(/^report:([^:]{36})/.exec(journal)?.[1] ?? '')?.told
  const file = records.files.get(open?.file ?? '')
  return told !== undefined && told.creationDate === file?.creationDate && told.modifier === file?.modifier
}

const saysReturned = ({ kind, told }: ReportRecord, fact: Fact): boolean =>
  (kind === 'returned' || kind === 'contested') &&
  told.on === fact.on &&
  (kind === 'contested' ? told.returnCode : told.code) === fact.code
