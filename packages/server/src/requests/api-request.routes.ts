import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { House } from '../house.ts'
import { errors } from '../http/wire.ts'
import {
  awaitRequests,
  findNewestRequest,
  getRequest,
  listNewestRequests,
  listRequests,
} from './api-request.queries.ts'
import {
  ListRequestsQuery,
  RequestsPage,
  RequestWire,
  requestsAskedFromWire,
  requestsToWire,
  requestToWire,
} from './api-request.wire.ts'
import { openSeats } from './seats.ts'

const tags = ['Requests']
const config = { scope: 'Link-Core', unrecorded: true } as const

/** What a merchant's programs asked, and how it went. All of it is ours: the reference publishes no such call. */
export const requestRoutes =
  (house: House): FastifyPluginAsyncTypebox =>
  async (app) => {
    const seats = openSeats()
    const closing = new AbortController()
    // Before the application waits for the requests under way.
    app.addHook('preClose', async () => closing.abort())

    app.get(
      '/v1/requests',
      {
        config,
        schema: {
          operationId: 'listRequests',
          summary: 'List what your programs asked of the API, and wait for the next',
          tags,
          querystring: ListRequestsQuery,
          response: { 200: RequestsPage, ...errors(400, 401, 403, 429, 500) },
        },
      },
      async ({ query, caller: { merchantId } }, reply) => {
        const { from, waitMs, ...asked } = requestsAskedFromWire(query)
        if (from === 'latest')
          return requestsToWire({ requests: [], hasMore: false, seenTo: await findNewestRequest(house, merchantId) })
        if (from === 'newest') return requestsToWire(await listNewestRequests(house, { ...asked, merchantId }))
        const wanted = { ...asked, merchantId, after: from.after }
        if (waitMs === 0) return requestsToWire(await listRequests(house, wanted))
        const gone = new AbortController()
        reply.raw.on('close', () => gone.abort())
        const ended = AbortSignal.any([gone.signal, closing.signal])
        return requestsToWire(await awaitRequests(house, seats, wanted, { waitMs, gone: ended }))
      },
    )

    app.get(
      '/v1/requests/:requestId',
      {
        config,
        schema: {
          operationId: 'getRequest',
          summary: 'Read how a call went',
          tags,
          params: Type.Object({ requestId: Type.String({ maxLength: 200, description: 'Its X-Request-Id.' }) }),
          response: { 200: RequestWire, ...errors(401, 403, 404, 500) },
        },
      },
      async ({ params, caller }) => requestToWire(await getRequest(house, caller.merchantId, params.requestId)),
    )
  }
