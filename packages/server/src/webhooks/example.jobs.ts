import type { House } from '../house.ts'
import type { Attempt } from './delivery.ts'
import type { Endpoint } from './endpoint.ts'
import { type EventType, events } from './event.ts'
import { eventBody } from './event-body.ts'
import { openSecretsOf } from './secret.commands.ts'
import { attemptOf, post } from './send.jobs.ts'

/** What was sent, without its signatures, and what came of it. */
export type Example = Readonly<{ attempt: Attempt; headers: Readonly<Record<string, string>>; body: string }>

const isSignature = (header: string): boolean => /signature$/.test(header)

/**
 * Sends an example of an event now, once, signed like any delivery, whatever the endpoint wants and however it does. It
 * says `example` and has no place in the sequence, so that nobody takes it for something that happened.
 */
export async function sendExample(house: House, endpoint: Endpoint, type: EventType): Promise<Example> {
  const { resource, example } = events[type]
  const at = house.now()
  const event = {
    ...{ id: house.newId<'event'>(), type, resourceType: resource, resourceId: house.newId(), data: example },
    ...{ happenedAt: at, sequence: 0, resourceVersion: 0 },
  }
  const body = JSON.stringify({ ...eventBody(event), example: true })
  const secrets = await openSecretsOf(house, endpoint.id)
  let headers: Example['headers'] = {}
  const outbound: House['outbound'] = {
    ...house.outbound,
    post(url, sent) {
      headers = Object.fromEntries(Object.entries(sent.headers).filter(([name]) => !isSignature(name)))
      return house.outbound.post(url, sent)
    },
  }
  const outcome = await post({ outbound, realNow: house.realNow }, endpoint.url, secrets, event.id, body)
  return { attempt: attemptOf(outcome, at, house), headers, body }
}
