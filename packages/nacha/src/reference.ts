import { correctionLayouts } from './correction.layouts.ts'
import type { Field, Kind, Layout } from './layout.ts'
import { columnsText } from './layout.ts'
import { layouts } from './layouts.ts'
import { readingRules, validatingRules } from './rules.ts'
import { describeTransactionCode } from './transaction-code.ts'

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')

/** `companyDiscretionaryData` as `company discretionary data`. */
const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

const kinds: Readonly<Record<Exclude<Kind, `=${string}`>, string>> = {
  ...{ text: 'text', digits: 'digits', 'digits?': 'digits or blank', blank: 'blank' },
}

const row = ([name, from, to, kind]: Field): (string | number)[] => [
  columnsText(from, to),
  to - from + 1,
  inWords(name),
  kind.startsWith('=') ? `\`${kind.slice(1)}\`` : kinds[kind as keyof typeof kinds],
]

const record = ({ name, fields }: Layout): string =>
  `### ${name}\n\n${table(['columns', 'width', 'field', 'holds'], fields.map(row))}`

const ruleTable = (rules: Readonly<Record<string, string>>): string =>
  table(
    ['rule', 'demands'],
    Object.entries(rules).map(([name, sentence]) => [`\`${name}\``, sentence]),
  )

function codeTable(): string {
  const codes = Array.from({ length: 100 }, (_, code) => ({ code, kind: describeTransactionCode(code) }))
  return table(
    ['code', 'account', 'direction', 'purpose'],
    codes.flatMap(({ code, kind }) => (kind ? [[code, kind.account, kind.direction, kind.purpose]] : [])),
  )
}

/** docs/reference/nacha.md, from the tables that reading and writing use. */
export const reference = (): string =>
  `${[
    '# NACHA files',
    '<!-- Printed by `npx vitest run packages/nacha -u` from the code; a change here is overwritten. -->',
    'What `@rialto/nacha` writes and reads. A record is 94 columns of printable ASCII. Text is left-aligned and filled with ' +
      'blanks; digits are right-aligned and filled with zeros.',
    '## Records',
    ...Object.values<Layout>(layouts).map(record),
    '## Corrected data',
    'Columns 36 to 64 of addenda 98, counted from 1, by change code.',
    ...Object.values<Layout>(correctionLayouts).map(record),
    '## Transaction codes',
    'A return or a notification of change has the code of its purpose `return`, in the direction of the entry it answers.',
    codeTable(),
    '## Rules',
    'Judged whenever a file is read. A finding of severity `warning` leaves no doubt what is meant; an `error` must not be trusted.',
    ruleTable(readingRules),
    'Judged when a file is validated, as every file is before it may leave; then a finding of either kind keeps it here.',
    ruleTable(validatingRules),
  ].join('\n\n')}\n`
