/** One measured thing: ours, the yardstick beside it, and the bar it has to clear. */
export type Row = Readonly<{
  metric: string
  ours: string
  yardstick?: string
  ratio?: number
  bar?: string
  clears?: boolean
}>

export type Report = Readonly<{ title: string; notes: readonly string[]; rows: readonly Row[] }>

const head = ['metric', 'ours', 'yardstick', 'ratio', 'bar', '']

const cells = (row: Row): string[] => [
  row.metric,
  row.ours,
  row.yardstick ?? '',
  row.ratio === undefined ? '' : row.ratio.toFixed(2),
  row.bar ?? '',
  row.clears === undefined ? '' : row.clears ? 'clears' : 'MISSES',
]

export function asText({ title, notes, rows }: Report): string {
  const lines = [head, ...rows.map(cells)]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  return [`\n${title}`, ...notes.map((note) => `  ${note}`), '', text[0], rule, ...text.slice(1)].join('\n')
}

export function asMarkdown({ title, notes, rows }: Report): string {
  const line = (parts: readonly string[]) => `| ${parts.map((part) => part.replaceAll('|', '\\|')).join(' | ')} |`
  const table = [line(head), line(head.map(() => '---')), ...rows.map((row) => line(cells(row)))]
  return [`## ${title}`, '', ...notes.map((note) => `- ${note}`), '', ...table, ''].join('\n')
}

export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en-US')}/s`
export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
export const mb = (value: number | undefined): string => (value === undefined ? '-' : `${Math.round(value)} MB`)
export const kb = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** Every single run, so that a reader sees how far they lie apart. */
export const spread = (values: readonly number[]): string =>
  values.length < 2 ? '' : ` (${values.map((value) => Math.round(value).toLocaleString('en-US')).join(', ')})`
