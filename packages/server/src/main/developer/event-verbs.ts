import { type EventWithDeliveries, type Rialto, RialtoApiError, type WebhookDelivery } from '@rialto/node-sdk'
import type { Command } from 'commander'
import { looksLikeId } from '../../kernel/id.ts'
import { columns, harmless } from '../columns.ts'
import { type Answer, idArgument } from '../command-line.ts'
import type { Connection } from './connection.ts'
import { eventLine, timeOf } from './event-line.ts'
import { addApiVerb, type Given, Refused, tieToApi, UsedWrongly } from './run.ts'
import type { DeveloperTools } from './tools.ts'

export function addShowVerb(events: Command, tools: DeveloperTools): void {
  addApiVerb(events, 'show', 'an event, and to whom it was delivered', 'rialto events show 1042')
    .argument('<event>', 'its sequence or its id')
    .action(tieToApi(tools, show))
}

export function addResendVerb(events: Command, tools: DeveloperTools): void {
  addApiVerb(
    events,
    'resend',
    'tell an event again to the webhook subscriptions it was for',
    'rialto events resend 1042',
  )
    .argument('<event>', 'its sequence or its id; or the id of one delivery')
    .option('--subscription <subscriptionId>', 'to this one alone, also if it was not told before', idArgument)
    .action(tieToApi(tools, resend))
}

async function show({ rialto }: Connection, { args: [name = ''], paint }: Given): Promise<Answer> {
  const event = await eventOf(rialto, name)
  const { deliveries, ...body } = event
  const told = deliveries.length > 0 ? columns(deliveries.map(row)) : 'It was delivered to no subscription.'
  return { json: event, text: `${eventLine(body as never, paint)}\n${JSON.stringify(body, null, 2)}\n${told}` }
}

const row = ({ id, subscriptionId, status, attemptCount, nextAttemptAt }: WebhookDelivery): string[] => [
  `delivery ${id}`,
  `subscription ${subscriptionId}`,
  status,
  `${attemptCount} ${attemptCount === 1 ? 'attempt' : 'attempts'}`,
  nextAttemptAt ? `next ${timeOf(nextAttemptAt)}` : '',
]

/** By its place or its id. What is neither does not exist. */
async function eventOf(rialto: Rialto, name: string): Promise<EventWithDeliveries> {
  if (looksLikeId(name)) return rialto.events.get(name)
  if (!/^[1-9]\d{0,14}$/.test(name)) throw new UsedWrongly(`'${harmless(name)}' is neither a sequence nor an id.`)
  const sequence = Number(name)
  const [event] = (await rialto.events.list({ after: sequence - 1, limit: 1 }).page()).data
  if (event?.sequence !== sequence) throw new Refused(`There is no event with the sequence ${name}.`)
  return rialto.events.get(event.id)
}

async function resend({ rialto }: Connection, { args: [name = ''], options }: Given): Promise<Answer> {
  const subscription = options.subscription as string | undefined
  const event = await eventOf(rialto, name).catch((error: unknown) => {
    // It may be a delivery's id.
    if (error instanceof RialtoApiError && error.status === 404 && !subscription) return undefined
    throw error
  })
  if (!event) return sentAgain([await again(rialto, name)])
  const wanted = event.deliveries.filter((one) => !subscription || one.subscriptionId === subscription)
  if (wanted.length > 0) return sentAgain(await Promise.all(wanted.map(({ id }) => again(rialto, id))))
  if (!subscription)
    return {
      json: { resent: [] },
      text: 'It was delivered to no subscription. Name one with --subscription: rialto events resend --help',
      failed: true,
    }
  const { sequence } = event
  const body = { fromSequence: sequence, toSequence: sequence }
  const made = await rialto.call('POST /v1/webhook/subscriptions/{id}/replays', { params: { id: subscription }, body })
  if ('says' in made) return { json: { resent: [], says: made.says }, text: made.says, failed: true }
  return { json: { resent: [], replay: made }, text: `Being told to ${subscription}: ${sequence}.` }
}

const again = (rialto: Rialto, id: string): Promise<WebhookDelivery> =>
  rialto.call('POST /v1/webhook/deliveries/{id}/resend', { params: { id } })

const sentAgain = (deliveries: readonly WebhookDelivery[]): Answer => ({
  json: { resent: deliveries },
  text: deliveries
    .map(
      ({ sequence, eventType, subscriptionId }) => `Being told again to ${subscriptionId}: ${sequence} ${eventType}.`,
    )
    .join('\n'),
})
