import type { House } from '../house.ts'
import { findEndpoint } from './endpoint.store.ts'
import type { EndpointId } from './endpoint.ts'

export type Trouble = 'failing' | 'disabled'

/** Tells whoever looks after an endpoint that it is in trouble, if they left an address. Mended meanwhile: nothing. */
export async function mailTrouble(
  house: House,
  { endpointId, letterId, trouble }: { endpointId: EndpointId; letterId: string; trouble: Trouble },
): Promise<void> {
  const endpoint = await findEndpoint(house.sql, endpointId)
  if (!endpoint?.alertEmail || endpoint.status === 'ended') return
  if (trouble === 'failing' && endpoint.health.failures === 0) return
  const { url, health } = endpoint
  const since = health.failingSince?.toISOString() ?? 'just now'
  const [subject, says] = wordsFor[trouble]
  await house.mail.send({
    ...{ id: letterId, to: endpoint.alertEmail, subject },
    text: [
      `${says}\n`,
      `Address       ${url}`,
      `Subscription  ${endpoint.id}`,
      `Failing       since ${since}, ${health.failures} times in a row\n`,
      `What each attempt met: GET ${house.settings.apiUrl}/v1/webhook/subscriptions/${endpoint.id}/deliveries`,
      'Nothing is lost: what could not be delivered is kept, and can be read with GET /v1/events at any time.\n',
    ].join('\n'),
  })
}

const wordsFor: Readonly<Record<Trouble, readonly [subject: string, says: string]>> = {
  failing: [
    'Your webhook address does not take deliveries',
    'Deliveries to your webhook address have failed for an hour or more. We keep trying.',
  ],
  disabled: [
    'Your webhook subscription was disabled',
    'Your webhook address answered 410, or failed for five days. Nothing more is sent there until you enable the ' +
      'subscription again; then it is told everything it has missed.',
  ],
}
