/** A value cannot stand in its columns. Thrown by the writer only: reading never throws for what is in a file. */
export class NachaError extends Error {
  readonly record: string
  readonly field: string
  readonly columns: string

  constructor(record: string, field: string, columns: string, problem: string) {
    super(`${placeOf(record, field, columns)}: ${problem}`)
    this.name = 'NachaError'
    this.record = record
    this.field = field
    this.columns = columns
  }
}

/** `Entry Detail (6), amount (columns 30-39)` */
export const placeOf = (record: string, field: string, columns: string): string =>
  `${record}, ${field} (${columns.includes('-') ? 'columns' : 'column'} ${columns})`
