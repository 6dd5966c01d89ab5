import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { House } from '../house.ts'
import { errors, IdParams } from '../http/wire.ts'
import { listDeliveriesOf } from './delivery.queries.ts'
import { EventStoryWire, eventStoryToWire } from './delivery.wire.ts'
import { openEventBell } from './event.bell.ts'
import { awaitEvents, findNewest, getEvent, listEvents } from './event.queries.ts'
import { EventsPage, eventsAskedFromWire, eventsToWire, ListEventsQuery } from './event.wire.ts'

const tags = ['Events']

export const eventRoutes =
  (house: House): FastifyPluginAsyncTypebox =>
  async (app) => {
    const bell = openEventBell(house)
    // Before the application waits for the requests under way.
    app.addHook('preClose', () => bell.close())

    app.get(
      '/v1/events',
      {
        config: { scope: 'Link-Core' },
        schema: {
          operationId: 'listEvents',
          summary: 'List events in their order, and wait for the next',
          tags,
          querystring: ListEventsQuery,
          response: { 200: EventsPage, ...errors(400, 401, 403, 429, 500) },
        },
      },
      async ({ query, caller: { merchantId } }, reply) => {
        const { after, waitMs, ...asked } = eventsAskedFromWire(query)
        if (after === 'latest') {
          const seenTo = await findNewest(house, merchantId)
          return eventsToWire({ events: [], hasMore: false, seenTo })
        }
        const wanted = { ...asked, merchantId, after }
        if (waitMs === 0) return eventsToWire(await listEvents(house, wanted))
        const gone = new AbortController()
        reply.raw.on('close', () => gone.abort())
        return eventsToWire(await awaitEvents(house, bell, wanted, { waitMs, gone: gone.signal }))
      },
    )

    app.get(
      '/v1/events/:id',
      {
        config: { scope: 'Link-Core' },
        schema: {
          operationId: 'getEvent',
          summary: 'Read an event, and to whom it was delivered',
          tags,
          params: IdParams,
          response: { 200: EventStoryWire, ...errors(401, 403, 404, 500) },
        },
      },
      async ({ params, caller }) => {
        const event = await getEvent(house, caller.merchantId, params.id)
        return eventStoryToWire(event, await listDeliveriesOf(house, event))
      },
    )
  }
