import { type Static, Type } from 'typebox'
import { invalid } from '../http/errors.ts'
import { instantFrom, PageQuery, pageFrom, pageOf } from '../http/wire.ts'
import type { DeliveryFilter, DeliveryStory, DeliveryWithLast, RecordedAttempt } from './delivery.queries.ts'
import type { Delivery, DeliveryStatus } from './delivery.ts'
import type { Event } from './event.ts'
import { EventWire, eventToWire } from './event.wire.ts'
import { typesFromWire } from './event-words.wire.ts'
import type { Example } from './example.jobs.ts'

const wireStatus = {
  waiting: 'WAITING',
  delivered: 'DELIVERED',
  failed: 'FAILED',
} as const satisfies Record<DeliveryStatus, string>
const statuses = Object.values(wireStatus)

const instant = (description: string) => Type.String({ description, format: 'date-time' })

/** What one call met. */
const met = {
  outcome: Type.String({
    description: 'DELIVERED: it answered 2xx. REFUSED: it answered something else. Otherwise, why there is no answer.',
    examples: ['DELIVERED', 'REFUSED', 'TIMED_OUT', 'NOT_CONNECTED', 'BAD_CERTIFICATE', 'REFUSED_ADDRESS'],
  }),
  tookMs: Type.Integer(),
  httpStatus: Type.Optional(Type.Integer()),
  says: Type.Optional(Type.String({ description: 'The same in words.' })),
  responseBody: Type.Optional(Type.String({ description: 'The first 4096 characters of the answer.' })),
}

const AttemptWire = Type.Object({ at: instant('When it began.'), ...met }, { title: 'DeliveryAttempt' })

const delivery = {
  id: Type.String(),
  subscriptionId: Type.String(),
  eventId: Type.String(),
  eventType: Type.String(),
  sequence: Type.Integer({ description: 'Of the event.' }),
  status: Type.Enum(statuses, { description: 'FAILED: its schedule of attempts is over. It can be sent again.' }),
  attemptCount: Type.Integer(),
  nextAttemptAt: Type.Optional(instant('When it is tried next, if the subscription is enabled and well.')),
  createdAt: instant('When it was first tried, or told again.'),
  finishedAt: Type.Optional(instant('When it was delivered or given up.')),
}

export const DeliveryWire = Type.Object(
  { ...delivery, lastAttempt: Type.Optional(AttemptWire) },
  { title: 'WebhookDelivery' },
)

export const DeliveryStoryWire = Type.Object(
  {
    ...delivery,
    attempts: Type.Array(AttemptWire, { description: 'In their order; the newest hundred.' }),
    event: Type.Optional(EventWire),
  },
  { title: 'WebhookDeliveryWithAttempts' },
)

export const ListDeliveriesQuery = Type.Object({
  limit: PageQuery.limit,
  after: Type.Optional(Type.String({ pattern: '^[0-9]{0,15}$', description: 'The nextCursor of the page before.' })),
  status: Type.Optional(Type.String({ maxLength: 20, description: statuses.join(', ') })),
  eventType: Type.Optional(Type.String({ maxLength: 100, examples: ['payment.failed'] })),
})

/** One more than the page holds is asked for. Refuses invalid_request. */
export function deliveryFilterFromWire(query: Static<typeof ListDeliveriesQuery>): DeliveryFilter {
  const { limit } = pageFrom(query.limit === undefined ? {} : { limit: query.limit })
  const word = query.status?.toUpperCase()
  const status = (Object.keys(wireStatus) as DeliveryStatus[]).find((one) => wireStatus[one] === word)
  if (word && !status)
    throw invalid({ pointer: '?status', code: 'enum', message: `must be one of ${statuses.join(', ')}` })
  const [type] = query.eventType ? typesFromWire([query.eventType], () => '?eventType') : []
  return {
    limit: limit + 1,
    before: query.after ? Number(query.after) : null,
    status: status ?? null,
    type: type ?? null,
  }
}

export const DeliveriesPage = pageOf(DeliveryWire)

/** The cursor is the event's place: the newest comes first. */
export function deliveriesToWire(rows: readonly DeliveryWithLast[], limit: number): Static<typeof DeliveriesPage> {
  const shown = rows.slice(0, limit)
  const hasMore = rows.length > limit
  const nextCursor = hasMore ? String(shown.at(-1)?.delivery.sequence) : null
  return { data: shown.map(listedToWire), hasMore, nextCursor }
}

export const deliveryToWire = (one: Delivery): Static<typeof DeliveryWire> => ({
  ...{ id: one.id, subscriptionId: one.endpointId, eventId: one.eventId, eventType: one.type, sequence: one.sequence },
  ...{ status: wireStatus[one.status], attemptCount: one.attempts },
  ...(one.dueAt === null ? {} : { nextAttemptAt: one.dueAt.toISOString() }),
  createdAt: one.createdAt.toISOString(),
  ...(one.doneAt === null ? {} : { finishedAt: one.doneAt.toISOString() }),
})

const listedToWire = ({ delivery: one, last }: DeliveryWithLast): Static<typeof DeliveryWire> => ({
  ...deliveryToWire(one),
  ...(last === null ? {} : { lastAttempt: attemptToWire(last) }),
})

export const storyToWire = (story: DeliveryStory): Static<typeof DeliveryStoryWire> => ({
  ...deliveryToWire(story.delivery),
  attempts: story.attempts.map(attemptToWire),
  ...(story.event ? { event: eventToWire(story.event) } : {}),
})

const metToWire = ({ outcome, tookMs, httpStatus, says, responseBody }: Omit<RecordedAttempt, 'at'>) => ({
  ...{ outcome: outcome.toUpperCase(), tookMs },
  ...(httpStatus === null ? {} : { httpStatus }),
  ...(says === null ? {} : { says }),
  ...(responseBody === null ? {} : { responseBody }),
})

const attemptToWire = (attempt: RecordedAttempt): Static<typeof AttemptWire> => ({
  at: attempt.at.toISOString(),
  ...metToWire(attempt),
})

export const EventStoryWire = Type.Object(
  { ...EventWire.properties, deliveries: Type.Array(DeliveryWire) },
  { title: 'EventWithDeliveries' },
)

export const eventStoryToWire = (event: Event, deliveries: readonly Delivery[]): Static<typeof EventStoryWire> => ({
  ...eventToWire(event),
  deliveries: deliveries.map(deliveryToWire),
})

export const ResendFailedBody = Type.Object(
  {
    since: Type.String({
      maxLength: 40,
      description: 'What failed at this instant or later, and whatever waits for its next attempt.',
      examples: ['2026-01-05T15:00:00Z'],
    }),
  },
  { title: 'ResendFailed' },
)

/** Refuses invalid_request. */
export const sinceFromWire = ({ since }: Static<typeof ResendFailedBody>): Date => instantFrom(since, '/since')

export const ResentWire = Type.Object(
  { resent: Type.Integer({ description: 'So many are being sent again.' }) },
  { title: 'Resent' },
)

export const ExampleBody = Type.Object(
  { eventType: Type.String({ maxLength: 100, examples: ['payment.failed'] }) },
  { title: 'SendExample' },
)

/** Refuses invalid_request. */
export const exampleTypeFromWire = ({ eventType }: Static<typeof ExampleBody>) => {
  const [type] = typesFromWire([eventType], () => '/eventType')
  if (!type) throw invalid({ pointer: '/eventType', code: 'enum', message: 'must be an event' })
  return type
}

export const ExampleWire = Type.Object(
  {
    ...met,
    sent: Type.Object(
      {
        headers: Type.Record(Type.String(), Type.String(), { description: 'Without the signatures.' }),
        body: Type.String({ description: 'As it was sent and signed, byte for byte.' }),
      },
      { title: 'ExampleSent' },
    ),
  },
  { title: 'ExampleOutcome' },
)

export const exampleToWire = ({ attempt, headers, body }: Example): Static<typeof ExampleWire> => ({
  ...metToWire(attempt),
  sent: { headers: { ...headers }, body },
})
