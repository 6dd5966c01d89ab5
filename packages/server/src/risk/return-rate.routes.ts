import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { House } from '../house.ts'
import { errors } from '../http/wire.ts'
import { readReturnRates } from './return-rate.queries.ts'
import { ReturnRatesWire, returnRatesToWire } from './return-rate.wire.ts'

export const returnRateRoutes =
  (house: House): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/return-rates',
      {
        config: { scope: 'Link-Core' },
        schema: {
          operationId: 'getReturnRates',
          summary: 'Read how many of your debits come back, and how many may',
          tags: ['Return rates'],
          response: { 200: ReturnRatesWire, ...errors(401, 403, 500) },
        },
      },
      async ({ caller }) => returnRatesToWire(await readReturnRates(house, caller.merchantId)),
    )
  }
