import { type BatchJudgement, judgeBatchEnd, judgeBatchHeader } from './batch.rules.ts'
import { chunksOf } from './chunks.ts'
import { judgeEntry } from './entry.rules.ts'
import { judgeFileHeader } from './file.rules.ts'
import { error, type Finding } from './finding.ts'
import type { ReadFileEnd, ReadRecord } from './read-record.ts'
import { openReader } from './reader.ts'
import type { ValidateOptions } from './validate-options.ts'

/** Judges a file of any size in flat memory. No finding from any call, the last included, means: it may leave. */
export type Validator = Readonly<{
  push: (chunk: Uint8Array | string) => Finding[]
  end: () => Finding[]
}>

/**
 * Opens a strict judge of every physical and arithmetic rule of the format (`rules` names them). It finds all that the
 * reader finds odd, and more.
 */
export function openValidator(options: ValidateOptions = {}): Validator {
  const reader = openReader()
  let found: Finding[] = []
  let batch: BatchJudgement | undefined
  let lastBatchNumber = 0
  const microEntries = new Map<string, bigint>()
  const add = (finding: Finding): void => {
    found.push(finding)
  }

  function judge(record: ReadRecord): void {
    for (const finding of record.findings) found.push(finding)
    switch (record.kind) {
      case 'file_header':
        lastBatchNumber = 0
        judgeFileHeader(record, add)
        break
      case 'batch_header':
        batch = judgeBatchHeader(record, lastBatchNumber, options, add)
        lastBatchNumber = record.batchNumber
        break
      case 'entry':
        if (batch) judgeEntry(record, batch, options, add)
        break
      case 'batch_end':
        judgeBatchEnd(record, options, microEntries, add)
        break
      case 'file_end':
        judgeFileEnd(record)
        break
      default:
    }
  }

  function judgeFileEnd({ totals, line }: ReadFileEnd): void {
    if (totals.batches === 0) add(error(line, 'no-batches', 'the file has no batches'))
    for (const [company, owed] of microEntries)
      if (owed > 0n)
        add(error(line, 'micro-entries', `the micro-entries of company ${company} debit more than they credit`))
    microEntries.clear()
  }

  const judgeAll = (records: readonly ReadRecord[]): Finding[] => {
    for (const record of records) judge(record)
    const findings = found
    found = []
    return findings
  }
  return { push: (chunk) => judgeAll(reader.push(chunk)), end: () => judgeAll(reader.end()) }
}

/** The caller wants to know what is wrong, not to keep a copy of a file that is wrong throughout. */
const mostFindings = 1_000

/** What keeps a file from leaving, in the order of the lines, the first thousand findings. `[]`: it may leave. */
export function validateFile(input: Uint8Array | string, options: ValidateOptions = {}): Finding[] {
  const validator = openValidator(options)
  const findings: Finding[] = []
  const keep = (more: readonly Finding[]): void => {
    findings.push(...more.slice(0, mostFindings - findings.length))
  }
  for (const chunk of chunksOf(input)) {
    keep(validator.push(chunk))
    if (findings.length === mostFindings) break
  }
  keep(validator.end())
  return findings.sort((a, b) => a.line - b.line)
}
