import type { Command } from 'commander'
import type { House } from '../house.ts'
import { Refusal } from '../kernel/refusal.ts'
import { collectNow, cutOffNow } from '../rails/ach/by-hand.commands.ts'
import { listInbound } from '../rails/ach/inbound.queries.ts'
import { effectiveDate, nextCutOff, type Window } from '../rails/ach/window.ts'
import type { OriginatingBank } from '../rails/originating-bank.ts'
import { addExceptionVerbs } from './ach-exception-verbs.ts'
import { addFileVerbs } from './ach-file-verbs.ts'
import { addReversalVerbs } from './ach-reversal-verbs.ts'
import { columns, harmless } from './columns.ts'
import * as line from './command-line.ts'

/** `rialto ach …`: files out, reports in, and what waits for a person. */
export function achCommand(openHouse: line.OpenHouse, terminal: line.Terminal = line.processTerminal): Command {
  const ach = line.openCommand('ach', 'files for the originating bank, its reports, and what waits for you', terminal)
  const run = line.runIn(openHouse, terminal)
  addFileVerbs(ach, run)
  line
    .addVerb(ach, 'cut-off', "run today's open windows before their time", 'rialto ach cut-off')
    .option('--bank <bankId>', 'needed where there are several')
    .action(run((house, { options }) => cutOff(house, bankOrOnly(house, options.bank as string | undefined))))
  line
    .addVerb(ach, 'collect', 'read what the bank has left, now', 'rialto ach collect')
    .option('--bank <bankId>', 'otherwise every bank')
    .action(run((house, { options }) => collect(house, banks(house, options.bank as string | undefined))))
  line
    .withLimit(line.addVerb(ach, 'inbound', 'the files that came in, the newest first', 'rialto ach inbound'), '20')
    .option('--bank <bankId>', 'of this bank')
    .action(run((house, { options, paint }) => inbound(house, options as InboundOptions, paint)))
  addExceptionVerbs(ach, run)
  addReversalVerbs(ach, run)
  return ach
}

function refuseBank(house: House, message: string): Refusal {
  const ids = house.originatingBanks.map(({ id }) => id).join(' or ')
  return new Refusal('invalid_request', {
    errors: [{ pointer: '/--bank', code: 'bank', message: `${message} ${ids}` }],
  })
}

function banks(house: House, id: string | undefined): readonly OriginatingBank[] {
  const found = house.originatingBanks.filter((bank) => id === undefined || bank.id === id)
  if (found.length === 0) throw refuseBank(house, 'must be')
  return found
}

/** A cut-off sends money out, so that of several banks one is named. */
function bankOrOnly(house: House, id: string | undefined): OriginatingBank {
  const [bank, ...more] = banks(house, id)
  if (!bank || more.length > 0) throw refuseBank(house, 'is needed, for there are several banks:')
  return bank
}

const windowJson = ({ at, day, cutOff: { speed } }: Window) => ({
  ...{ cutOffAt: at, speed, effectiveOn: effectiveDate(day, speed, 'debit') },
})

async function cutOff(house: House, bank: OriginatingBank): Promise<line.Answer> {
  const windows = (await cutOffNow(house, bank)).map(windowJson)
  const next = nextCutOff(bank, house.now()).at.toISOString()
  const json = { bankId: bank.id, asked: windows }
  if (windows.length === 0) {
    const text = `${bank.name} has no window open any more today: what is authorized goes with the cut-off at ${next}.`
    return { json, text, failed: true }
  }
  const rows = windows.map(({ cutOffAt, speed, effectiveOn }) => [
    ...[bank.id, speed, `cut-off ${cutOffAt.toISOString()}`, `effective ${effectiveOn}`],
  ])
  return {
    json,
    text: columns(rows),
    note:
      'Asked for: workers make and send the files of what is authorized now. Each cut-off comes once more at its time.\n' +
      'See rialto ach files.',
  }
}

async function collect(house: House, asked: readonly OriginatingBank[]): Promise<line.Answer> {
  for (const bank of asked) await collectNow(house, bank)
  const ids = asked.map(({ id }) => id)
  return { json: { asked: ids }, text: `asked for: ${ids.join(', ')}`, note: 'What came is in rialto ach inbound.' }
}

type InboundOptions = Readonly<{ bank?: string; limit: string }>

async function inbound(house: House, { bank, limit }: InboundOptions, paint: line.Paint): Promise<line.Answer> {
  const found = await listInbound(house, { ...(bank === undefined ? {} : { bankId: bank }), limit: Number(limit) })
  const json = { files: found.map(({ bytes, ...rest }) => ({ ...rest, bytes: Number(bytes) })) }
  if (found.length === 0) return { json, text: 'No file has come in yet.' }
  const head = ['received', 'bank', 'kind', 'status', 'reports', 'repeated', 'again', 'exceptions', 'name']
  const rows = found.map((file) => [
    ...[file.receivedAt.toISOString(), file.bankId, file.kind ?? '', file.status],
    ...[file.reports, file.repeated, file.again].map(String),
    file.exceptions > 0 ? paint('yellow', String(file.exceptions)) : '0',
    harmless(file.name),
  ])
  return { json, text: columns([head.map((word) => paint('dim', word)), ...rows], [4, 5, 6, 7]) }
}
