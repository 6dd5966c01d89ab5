import { type Command, InvalidArgumentError } from 'commander'
import type { House } from '../house.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import type { BookAccount } from '../ledger/books.ts'
import { type AccountBalance, listEntries, type Page, readBalances, readJournal } from '../ledger/ledger.queries.ts'
import { proveBooks } from '../ledger/proof/prove.ts'
import * as line from './command-line.ts'

const aMerchant = '019b8eac-1180-7fec-ab66-ffc86f38d952'

/** `rialto books …`: whose the money is, how it came there, and whether all of it adds up. */
export function booksCommand(openHouse: line.OpenHouse, terminal: line.Terminal = line.processTerminal): Command {
  const books = line.openCommand('books', 'whose the money is, how it came there, and the proof of it', terminal)
  const run = line.runIn(openHouse, terminal)
  line
    .addVerb(books, 'balances', "the platform's accounts, or a merchant's", 'rialto books balances')
    .option('--merchant <merchantId>', 'from rialto merchant list', line.idArgument)
    .action(run((house, { options }) => balances(house, options.merchant as MerchantId | undefined)))
  withPages(
    line.addVerb(books, 'account', "an account's statement, newest first", 'rialto books account bank:settlement'),
  )
    .argument('<account>', `such as bank:settlement, or merchant:${aMerchant}:available`)
    .action(run((house, { args: [id = ''], options }) => account(house, id as BookAccount, pageOf(options))))
  withPages(line.addVerb(books, 'journal', 'a journal and its entries', 'rialto books journal exception:019b8eac'))
    .argument('<journal>', 'its id, from rialto books account')
    .action(run((house, { args: [id = ''], options }) => journal(house, id, pageOf(options))))
  line
    .addVerb(books, 'prove', 'recompute everything; ends with 1 when anything differs', 'rialto books prove')
    .action(run((house) => prove(house)))
  return books
}

const withPages = (verb: Command): Command =>
  verb
    .option('--limit <count>', 'lines, at most a thousand', countArgument, '100')
    .option('--after <cursor>', 'from the end of the page before')

function countArgument(text: string): string {
  if (/^[1-9]\d{0,3}$/.test(text)) return text
  throw new InvalidArgumentError('It is not a number of lines.')
}

const pageOf = ({ limit, after }: Readonly<Record<string, string | string[] | boolean | undefined>>): Page => ({
  limit: Number(limit),
  after: after as string | undefined,
})

/** To a program, cents as a decimal text: a JSON number does not hold every sum. */
const cents = ({ minor }: Money): string => minor.toString()

const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = rows.reduce<number[]>((so, row) => row.map((cell, at) => Math.max(so[at] ?? 0, cell.length)), [])
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
/** Amounts stand under each other by their cents. */
const under = (amounts: readonly Money[]): string[] => {
  const texts = amounts.map(Money.format)
  const width = Math.max(...texts.map((text) => text.length), 0)
  return texts.map((text) => text.padStart(width))
}

const balanceJson = ({ account, normal, floor, debits, credits, balance }: AccountBalance) => ({
  ...{ account, normal, floorCents: floor && cents(floor) },
  ...{ debitsCents: cents(debits), creditsCents: cents(credits), balanceCents: cents(balance) },
})

async function balances(house: House, merchantId: MerchantId | undefined): Promise<line.Answer> {
  const found = await readBalances(house, merchantId)
  const amounts = under(found.map(({ balance }) => balance))
  const text = columns(found.map(({ account, normal }, at) => [account, amounts[at] ?? '', normal]))
  return { json: { accounts: found.map(balanceJson) }, text }
}

async function account(house: House, id: BookAccount, page: Page): Promise<line.Answer> {
  const statement = await listEntries(house, id, page)
  const { lines, next } = statement
  const amounts = under(lines.map(({ amount }) => amount))
  const left = under(lines.map(({ balance }) => balance))
  const rows = lines.map(({ day, side, other, reason, journal }, at) => [
    ...[day, side, amounts[at] ?? '', left[at] ?? '', other, reason, journal],
  ])
  const titles = ['day', 'side', 'amount', 'balance', 'other account', 'reason', 'journal']
  const head = `${id}  ${Money.format(statement.account.balance)}`
  return {
    json: {
      account: balanceJson(statement.account),
      lines: lines.map(({ entry, amount, balance, ...rest }) => ({
        ...{ entry: entry.toString(), ...rest, amountCents: cents(amount), balanceCents: cents(balance) },
      })),
      next,
    },
    text: [head, lines.length > 0 ? columns([titles, ...rows]) : 'It has no entries.'].join('\n'),
    ...older(next),
  }
}

const older = (next: string | null): { note?: string } => (next ? { note: `There is more: --after ${next}` } : {})

async function journal(house: House, id: string, page: Page): Promise<line.Answer> {
  const { next, ...found } = await readJournal(house, id, page)
  const moved = under(found.moved.map(({ amount }) => amount))
  const amounts = under(found.entries.map(({ amount }) => amount))
  const arrow = (debit: string, credit: string) => `${debit} ← ${credit}`
  const text = [
    `${id}  ${found.reason}, ${found.day}, posted ${found.postedAt.toISOString()}`,
    'moved in all',
    columns(
      found.moved.map((m, at) => [
        `  ${moved[at]}`,
        arrow(m.debit, m.credit),
        `${m.entries} ${m.entries === 1 ? 'entry' : 'entries'}`,
      ]),
    ),
    'entries',
    columns(
      found.entries.map(({ debit, credit, subject }, at) => [
        ...[`  ${amounts[at]}`, arrow(debit, credit)],
        subject ? `line ${subject.seq} of ${subject.id}` : '',
      ]),
    ),
  ].join('\n')
  const json = {
    ...found,
    moved: found.moved.map(({ amount, ...rest }) => ({ ...rest, amountCents: cents(amount) })),
    entries: found.entries.map(({ entry, amount, ...rest }) => ({
      ...{ entry: entry.toString(), ...rest, amountCents: cents(amount) },
    })),
    next,
  }
  return { json, text, ...older(next) }
}

async function prove(house: House): Promise<line.Answer> {
  const proof = await proveBooks(house)
  const text = proof.checks.map(({ promises, looked, difference }) => {
    const counts = Object.entries(looked).map(([what, many]) => `${what} ${many.toLocaleString('en-US')}`)
    const head = `${difference ? 'DIFFERS' : 'holds  '}  ${promises} (${counts.join(', ')})`
    if (!difference) return head
    const more = difference.more > 0 ? `\n         And ${difference.more.toLocaleString('en-US')} more.` : ''
    return `${head}\n         ${difference.says}${more}`
  })
  return { json: proof, text: text.join('\n'), failed: !proof.holds }
}
