import { type Static, Type } from 'typebox'
import { invalid } from '../http/errors.ts'
import { looksLikeId } from '../kernel/id.ts'
import type { EventPage, EventsWanted } from './event.queries.ts'
import { type Event, type EventType, events, eventTypes } from './event.ts'
import { eventBody } from './event-body.ts'
import { categoriesFromWire, typesFromWire } from './event-words.wire.ts'

/** Exactly what a webhook carries. */
export const EventWire = Type.Object(
  {
    id: Type.String(),
    creationTime: Type.String({ format: 'date-time' }),
    eventType: Type.Enum(eventTypes),
    clientReferenceId: Type.Optional(Type.String()),
    resourceId: Type.String(),
    resourceType: Type.String({ examples: ['payment'] }),
    paymentType: Type.Optional(Type.String({ examples: ['DEBIT'] })),
    achReturnCode: Type.Optional(Type.String({ examples: ['R01'] })),
    metadata: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]), {
      description: 'The same, and what else is known of such an event.',
    }),
    sequence: Type.Integer({ description: 'Its place among all of your events: 1, 2, 3, without gaps.' }),
    resourceVersion: Type.Integer({ description: 'How many events its resource had by then, this one among them.' }),
  },
  { title: 'Event' },
)

export const eventToWire = (event: Event): Static<typeof EventWire> => eventBody(event)

export const ListEventsQuery = Type.Object({
  after: Type.Optional(
    Type.String({
      pattern: '^([0-9]{0,15}|latest)$',
      description: 'What comes after this sequence; from the beginning when absent; latest: what happens from now on.',
    }),
  ),
  limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,4}$', description: '1 to 1000; 100 when absent.' })),
  types: Type.Optional(Type.String({ maxLength: 2_000, examples: ['payment.succeeded,payment.failed'] })),
  categories: Type.Optional(
    Type.String({ maxLength: 200, description: 'Their events, beside those of types.', examples: ['PAYMENT'] }),
  ),
  resourceId: Type.Optional(Type.String({ maxLength: 200, description: 'About this payment, customer and so on.' })),
  waitSeconds: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,2}$',
      description: '0 to 30: how long to wait if there is nothing; 0 when absent.',
    }),
  ),
})

export type EventsAsked = Omit<EventsWanted, 'merchantId' | 'after'> & {
  after: number | 'latest'
  waitMs: number
}

/** Refuses invalid_request. */
export function eventsAskedFromWire(query: Static<typeof ListEventsQuery>): EventsAsked {
  const { after, resourceId } = query
  if (resourceId && !looksLikeId(resourceId))
    throw invalid({ pointer: '?resourceId', code: 'id', message: 'must be a UUID' })
  return {
    after: after === 'latest' ? after : Number(after ?? 0),
    limit: numberFrom(query.limit, 'limit', { absent: 100, least: 1, most: 1_000 }),
    types: typesAskedFrom(query),
    resourceId: resourceId || null,
    waitMs: numberFrom(query.waitSeconds, 'waitSeconds', { absent: 0, least: 0, most: 30 }) * 1_000,
  }
}

function numberFrom(
  text: string | undefined,
  name: string,
  { absent, least, most }: Readonly<{ absent: number; least: number; most: number }>,
): number {
  const value = text === undefined ? absent : Number(text)
  if (value >= least && value <= most) return value
  throw invalid({ pointer: `?${name}`, code: 'range', message: `must be from ${least} to ${most}` })
}

/** Null: all. */
function typesAskedFrom(query: Static<typeof ListEventsQuery>): EventType[] | null {
  if (!query.types && !query.categories) return null
  const named = typesFromWire(wordsOf(query.types), () => '?types')
  const wanted = categoriesFromWire(wordsOf(query.categories), () => '?categories')
  return eventTypes.filter((type) => named.includes(type) || wanted.includes(events[type].category))
}

const wordsOf = (list: string | undefined): string[] => (list ?? '').split(',').filter((word) => word.trim() !== '')

export const EventsPage = Type.Object(
  {
    data: Type.Array(EventWire),
    hasMore: Type.Boolean({ description: 'Ask again at once. A page may be empty and more may come all the same.' }),
    nextCursor: Type.String({ description: 'The `after` of the next call, always.' }),
  },
  { title: 'EventsPage' },
)

export const eventsToWire = ({ events: found, hasMore, seenTo }: EventPage): Static<typeof EventsPage> => ({
  data: found.map(eventToWire),
  ...{ hasMore, nextCursor: String(seenTo) },
})
