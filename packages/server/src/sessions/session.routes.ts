import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { House } from '../house.ts'
import { errors, IdParams } from '../http/wire.ts'
import { createSession } from './session.commands.ts'
import { getSession } from './session.queries.ts'
import {
  CreateSessionBody,
  customerFromWire,
  orderFromWire,
  productFromWire,
  SessionKeyWire,
  SessionWire,
  sessionToWire,
} from './session.wire.ts'

export const sessionRoutes =
  (house: House): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const path of ['/v1/sessions', '/session/v1/sessions'])
      app.post(
        path,
        {
          config: { scope: 'Link-Core' },
          schema: {
            operationId: 'createSession',
            summary: 'Open a visit to the hosted linking flow for one customer',
            tags: ['Sessions'],
            body: CreateSessionBody,
            response: { 200: SessionKeyWire, ...errors(400, 401, 403, 413, 415, 500) },
          },
        },
        async ({ body, caller, id }) => {
          const { sessionKey } = await createSession(house, {
            merchantId: caller.merchantId,
            customer: customerFromWire(body),
            product: productFromWire(body.product),
            orderDetails: orderFromWire(body),
            requestId: id,
          })
          return { sessionKey }
        },
      )

    app.get(
      '/v1/sessions/:id',
      {
        config: { scope: 'Link-Core' },
        schema: {
          operationId: 'getSession',
          summary: 'Read how far a visit to the hosted flow came',
          tags: ['Sessions'],
          params: IdParams,
          response: { 200: SessionWire, ...errors(401, 403, 404, 500) },
        },
      },
      async ({ params, caller }) => sessionToWire(await getSession(house, caller.merchantId, params.id)),
    )
  }
