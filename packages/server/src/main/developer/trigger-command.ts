import { type Rialto, RialtoApiError } from '@rialto/node-sdk'
import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { Money } from '../../kernel/money.ts'
import { type EventType, events, eventTypes } from '../../webhooks/event.ts'
import { columns } from '../columns.ts'
import { type Answer, idArgument, openCommand } from '../command-line.ts'
import type { Connection } from './connection.ts'
import { eventLine } from './event-line.ts'
import { type Given, Refused, tie, tieToApi, withProfile } from './run.ts'
import type { DeveloperTools } from './tools.ts'
import { recipes } from './trigger-recipes.ts'
import { openStage } from './trigger-stage.ts'

/** Weeks of a sandbox's time may have to pass. */
const timeoutMs = 10 * 60_000

const help = `
Without an event: what there is. It makes payments and customers in your sandbox, and may turn its clock forward.

Example:
  rialto trigger payment.failed --code R01`

/** `rialto trigger`: makes an event really happen, by the calls a merchant's program would make. In a sandbox only. */
export function triggerCommand(tools: DeveloperTools): Command {
  const trigger = openCommand('trigger', 'make an event really happen, in a sandbox', tools.terminal)
    .addArgument(new Argument('[event]', 'such as payment.succeeded').choices(eventTypes))
    .option('--code <code>', 'with payment.failed: why the bank sends it back', codeArgument, 'R01')
    .option('--declined', 'with payment.failed: declined at once, instead of sent back')
    .addOption(
      new Option('--amount <dollars>', 'of payments').argParser(amountArgument).default(Money.of(500n), '5.00'),
    )
    .option('--customer <customerId>', 'who pays; otherwise one who is linked for the purpose', idArgument)
    .option('--login <name>', 'as whom new customers sign in at their bank', 'profile_522')
    .option('--bank <name>', 'where', 'finbank-profiles-a')
    .option('--json', 'answer with JSON')
    .addHelpText('after', help)
  const list = tie(tools, async () => listAll())
  const scope = 'Link-Core Link-Payment'
  const run = tieToApi(tools, (connection, given) => makeHappen(tools, connection, given), { scope, timeoutMs })
  return withProfile(trigger).action(function act(this: Command, event: string | undefined) {
    return (event === undefined ? list : run).call(this)
  })
}

const listAll = (): Answer => ({
  json: { events: eventTypes.map((type) => ({ type, says: events[type].says })) },
  text: columns(eventTypes.map((type) => [type, events[type].says])),
})

async function makeHappen(tools: DeveloperTools, connection: Connection, given: Given): Promise<Answer> {
  const { args, options, paint } = given
  const type = args[0] as EventType
  await insistOnSandbox(connection.rialto, connection.credentials.apiUrl)
  const stage = await openStage(tools, connection, {
    amount: options.amount as Money,
    customer: options.customer as string | undefined,
    ...{ bank: String(options.bank), login: String(options.login) },
    ...{ returnCode: String(options.code), declined: options.declined === true },
  })
  const event = await stage.find(type, await recipes[type](stage))
  return { json: { event }, text: `${eventLine(event, paint)}\n        event ${event.id}` }
}

async function insistOnSandbox(rialto: Rialto, apiUrl: string): Promise<void> {
  await rialto.call('GET /v1/sandbox/clock').catch((error: unknown) => {
    if (!(error instanceof RialtoApiError) || error.status !== 404) throw error
    throw new Refused(
      `${apiUrl} is not a sandbox: there, events happen when they happen. Use one, such as npm run up starts.`,
    )
  })
}

function codeArgument(text: string): string {
  if (/^R\d\d$/i.test(text)) return text.toUpperCase()
  throw new InvalidArgumentError('It is not a return code, such as R01.')
}

function amountArgument(text: string): Money {
  const amount = /^\d{1,8}(\.\d{1,2})?$/.test(text) ? Money.fromWire(Number(text)) : undefined
  if (amount && Money.isPositive(amount)) return amount
  throw new InvalidArgumentError('It is not an amount of dollars, such as 12.50.')
}
