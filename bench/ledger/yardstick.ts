import { writeFileSync } from 'node:fs'
import type { Script } from '../payments/pgbench.ts'
import type { Said } from './books.ts'

/** Like a UUIDv7: first what grows with every transaction, so that rows arrive at the edge of the index. */
const subject =
  "(lpad(to_hex(:t::bigint), 12, '0') || '7' || lpad(to_hex(:client_id::int), 3, '0') || '8000000000000001')"

/**
 * The recorded statements as a pgbench script: the same text, each parameter still a parameter. The subject's id is new
 * in every transaction, and the journal's number is what PostgreSQL answered. pgbench has no texts of its own, so they
 * are put together by PostgreSQL.
 */
export function writeScript(file: string, said: readonly Said[], id: string): Script {
  const variables: Record<string, string> = {}
  const constant = (text: string): string => {
    const name = `p${Object.keys(variables).length + 1}`
    variables[name] = text
    return `:${name}::text`
  }
  const pieces = (text: string, marker: string, value: string): string =>
    text
      .split(marker)
      .map((part) => (part === '' ? [] : [constant(part)]))
      .flatMap((part, at) => (at === 0 ? part : [value, ...part]))
      .join(' || ')
  const lines = said.map(({ text, params }) => {
    const isEntries = text.includes('into ledger_entry')
    const values = params.map((param, at) => {
      const value = String(param)
      // The first parameter of the entries is their journal's number, once for each.
      if (isEntries && at === 0) return `(${pieces(value.replace(/\d+/g, '#'), '#', ':number::text')})`
      return `(${pieces(value, id, subject)})`
    })
    const filled = text.replace(/\s+/g, ' ').replace(/\$(\d+)/g, (_, at: string) => values[Number(at) - 1] ?? '')
    return filled + (text.includes('into ledger_journal') ? ' \\gset' : ';')
  })
  writeFileSync(file, ['\\set n :n + 1', '\\set t :base + :n', ...lines, ''].join('\n'))
  return { file, variables }
}
