import type { Sql, Tx } from '../db/connect.ts'
import { type Described, type Match, matches, type Outcome, type Rule } from './outcome.ts'

/** An amount stands in JSON as text, for JSON has no whole numbers of its own. */
type StoredMatch = Omit<Match, 'amount'> & { amount?: string }
type Row = Omit<Rule, 'match' | 'outcome'> & { match: StoredMatch; outcome: Outcome }

function toRule(row: Row): Rule {
  const { amount, ...texts } = row.match
  return { ...row, match: { ...texts, ...(amount === undefined ? {} : { amount: BigInt(amount) }) } }
}

export async function insertRule(sql: Sql, rule: Rule): Promise<void> {
  const { amount, ...texts } = rule.match
  const match: StoredMatch = { ...texts, ...(amount === undefined ? {} : { amount: String(amount) }) }
  await sql`
    insert into fed_rule (id, created_at, match, outcome, times_left)
    values (${rule.id}, ${rule.createdAt}, ${JSON.stringify(match)}::text::jsonb,
            ${JSON.stringify(rule.outcome)}::text::jsonb, ${rule.timesLeft})`
}

/** Those that can still match, in the order in which they are tried. */
export async function listRules(sql: Sql | Tx): Promise<Rule[]> {
  const rows = await sql<Row[]>`
    select id, created_at as "createdAt", match, outcome, times_left as "timesLeft" from fed_rule
    where times_left is null or times_left > 0 order by position limit 1000`
  return rows.map(toRule)
}

export async function deleteRules(sql: Sql, id?: string): Promise<number> {
  return (await sql`delete from fed_rule where true ${id ? sql`and id::text = ${id}` : sql``} returning id`).length
}

export type RuleBook = Readonly<{
  /** What the first rule that matches wants, which counts as one of its times. */
  outcomeFor: (entry: Described) => Outcome | undefined
  /** Writes down how often each was used. */
  close: () => Promise<void>
}>

/** The rules as they stand, for a settlement of many entries: read once, counted in memory, written back once. */
export async function openRuleBook(tx: Tx): Promise<RuleBook> {
  const rules = (await listRules(tx)).map((rule) => ({ rule, left: rule.timesLeft ?? Number.POSITIVE_INFINITY }))
  return {
    outcomeFor(entry) {
      const found = rules.find(({ rule, left }) => left > 0 && matches(rule.match, entry))
      if (found) found.left -= 1
      return found?.rule.outcome
    },
    async close() {
      for (const { rule, left } of rules)
        if (rule.timesLeft !== null && left !== rule.timesLeft)
          await tx`update fed_rule set times_left = ${left} where id = ${rule.id}`
    },
  }
}
