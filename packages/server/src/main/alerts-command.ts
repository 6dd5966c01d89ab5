import type { Command } from 'commander'
import type { House } from '../house.ts'
import { clearAlert } from '../rails/ach/alert.commands.ts'
import { listAlerts } from '../rails/ach/alert.queries.ts'
import { columns, harmless } from './columns.ts'
import * as line from './command-line.ts'

const anAlert = '019b8eac-1180-7a93-9c07-6b1de2f4a850'

/** `rialto alerts`: what an operator should know about. */
export function alertsCommand(openHouse: line.OpenHouse, terminal: line.Terminal = line.processTerminal): Command {
  const run = line.runIn(openHouse, terminal)
  const alerts = line.openCommand('alerts', 'what you should know about', terminal)
  line
    .withLimit(alerts, '100')
    .option('--all', 'those that somebody has seen to as well')
    .option('--json', 'answer with JSON')
    .addHelpText('after', '\nExample:\n  rialto alerts')
    .action(run((house, { options, paint }) => list(house, options.all === true, String(options.limit), paint)))
  line
    .addVerb(alerts, 'clear', 'say that you have seen to it', `rialto alerts clear ${anAlert}`)
    .argument('<alertId>', 'from rialto alerts', line.idArgument)
    .action(
      run(async (house, { args: [id = ''] }) => {
        await clearAlert(house, id)
        return { json: { done: 'clear', id }, text: `clear: ${id}` }
      }),
    )
  return alerts
}

async function list(house: House, all: boolean, limit: string, paint: line.Paint): Promise<line.Answer> {
  const alerts = await listAlerts(house, { all, limit: Number(limit) })
  if (alerts.length === 0)
    return { json: { alerts }, text: all ? 'Nothing has been raised yet.' : 'Nothing waits for you.' }
  const rows = alerts.map(({ id, says, raisedAt, clearedAt }) => [
    ...[id, raisedAt.toISOString(), ...(all ? [clearedAt ? 'seen to' : paint('yellow', 'waits')] : [])],
    harmless(says),
  ])
  return { json: { alerts }, text: columns(rows) }
}
