export { type Correction, readCorrection, writeCorrection } from './correction.ts'
export type * from './file.ts'
export type { Finding } from './finding.ts'
export {
  type InspectedBatch,
  type InspectedEntry,
  type Inspection,
  type InspectOptions,
  type Inspector,
  inspect,
  openInspector,
} from './inspect.ts'
export { layouts } from './layouts.ts'
export { NachaError } from './nacha-error.ts'
export { type ReadBatch, type ReadResult, readFile } from './read-file.ts'
export type * from './read-record.ts'
export { type FileReader, openReader } from './reader.ts'
export { reference } from './reference.ts'
export { inspectFile, type RenderOptions, renderFindings, renderInspection } from './render.ts'
export { routingNumberProblem } from './routing-number.ts'
export { type Rule, rules } from './rules.ts'
export { toAchText } from './text.ts'
export {
  type AccountKind,
  type Direction,
  describeTransactionCode,
  type Purpose,
  type TransactionKind,
  transactionCode,
} from './transaction-code.ts'
export type { ValidateOptions } from './validate-options.ts'
export { openValidator, type Validator, validateFile } from './validator.ts'
export { type BatchToWrite, type FileWriter, openWriter, type WriterOptions, writeFile } from './writer.ts'
