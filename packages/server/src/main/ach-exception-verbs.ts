import { type Command, Option } from 'commander'
import type { House } from '../house.ts'
import { Money } from '../kernel/money.ts'
import { type Resolution, resolveException } from '../rails/ach/exception.commands.ts'
import { type ExceptionSummary, getException, listRailExceptions } from '../rails/ach/exception.queries.ts'
import { personFrom, reasonFrom } from '../rails/ach/person.ts'
import { columns, harmless, withCents } from './columns.ts'
import * as line from './command-line.ts'

const anException = '019b8eac-1180-7d0e-8a11-2f6c9b7e5d34'
const fromList = 'from rialto ach exceptions'

/** What each way to resolve says to the person who chooses it. */
const ways: Readonly<Record<Resolution, string>> = {
  noted: 'nothing is left to do, no money was at stake',
  settled_back: 'the bank has put it right on our account',
  written_off: 'the platform bears it, or keeps it',
}

export function addExceptionVerbs(ach: Command, run: line.Run): void {
  line
    .withLimit(line.addVerb(ach, 'exceptions', 'what did not fit and waits for you', 'rialto ach exceptions'), '100')
    .option('--all', 'the resolved ones too')
    .action(run((house, { options, paint }) => exceptions(house, options.all === true, String(options.limit), paint)))
  line
    .addVerb(ach, 'exception', 'why one waits, and the lines that it came with', `rialto ach exception ${anException}`)
    .argument('<exceptionId>', fromList, line.idArgument)
    .action(run((house, { args: [id = ''] }) => exception(house, id)))
  const choices = Object.entries(ways).map(([way, says]) => `${way} (${says})`)
  const example = `rialto ach resolve ${anException} --as settled_back --by "Ada Byron" --note "credited on 9 January"`
  line
    .addVerb(ach, 'resolve', 'close one in your name; the books say how', example)
    .argument('<exceptionId>', fromList, line.idArgument)
    .addOption(new Option('--as <way>', choices.join('; ')).choices(Object.keys(ways)).makeOptionMandatory())
    .requiredOption('--by <name>', 'who you are')
    .requiredOption('--note <text>', 'what you found out, and did')
    .action(run((house, { args: [id = ''], options }) => resolve(house, id, options as ResolveOptions)))
}

/** Money that a report says came to our account at the bank is above zero; what left it, below. */
const atStake = (amount: bigint | null): string => (amount === null ? '' : Money.format(Money.of(amount)))

async function exceptions(house: House, all: boolean, limit: string, paint: line.Paint): Promise<line.Answer> {
  const found = await listRailExceptions(house, { all, limit: Number(limit) })
  const json = { exceptions: withCents(found) }
  if (found.length === 0) return { json, text: all ? 'Nothing has waited for you yet.' : 'Nothing waits for you.' }
  const head = ['exception', 'raised', 'bank', 'reason', 'amount', ...(all ? ['resolved'] : []), 'says']
  const rows = found.map((one) => [
    ...[one.id, one.raisedAt.toISOString(), one.bankId, one.reason, atStake(one.amount)],
    ...(all ? [resolvedText(one) ?? paint('yellow', 'waits')] : []),
    harmless(one.says),
  ])
  return { json, text: columns([head.map((word) => paint('dim', word)), ...rows], [4]) }
}

const resolvedText = ({ resolvedAt, resolvedBy, resolution }: ExceptionSummary): string | undefined =>
  resolvedAt ? harmless(`${resolvedAt.toISOString()} by ${resolvedBy}: ${resolution}`) : undefined

async function exception(house: House, id: string): Promise<line.Answer> {
  const found = await getException(house, id)
  const rows: [string, string | undefined][] = [
    ['exception', found.id],
    ['raised', found.raisedAt.toISOString()],
    ['bank', found.bankId],
    ['reason', found.reason],
    ['amount', atStake(found.amount) || undefined],
    ['file', found.file === null ? undefined : `${harmless(found.file)}, line ${found.line}`],
    ['resolved', resolvedText(found) ?? 'no'],
  ]
  const shown = rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  const lines = found.lines.length > 0 ? ['', ...found.lines.map((text) => `  ${harmless(text)}`)] : []
  return { json: withCents(found), text: [columns(shown), harmless(found.says), ...lines].join('\n') }
}

type ResolveOptions = Readonly<{ as: Resolution; by: string; note: string }>

async function resolve(house: House, id: string, { as: kind, by, note }: ResolveOptions): Promise<line.Answer> {
  await resolveException(house, id, { kind, by: personFrom(by), note: reasonFrom(note, '/note') })
  return { json: { done: 'resolve', id, as: kind }, text: `resolved: ${id}, ${kind}` }
}
