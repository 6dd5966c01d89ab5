import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { House } from '../../house.ts'
import { errors } from '../../http/wire.ts'
import { CalendarQuery, CalendarWire, calendarToWire, spanFromWire } from './ach.wire.ts'
import { getBankOfMerchant } from './calendar.queries.ts'
import { calendarOf } from './calendar.ts'

export const achRoutes =
  (house: House): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/rails/ach/calendar',
      {
        config: { scope: 'any' },
        schema: {
          operationId: 'getAchCalendar',
          summary: 'Banking days, cut-offs, and when a payment that makes them settles',
          tags: ['ACH'],
          querystring: CalendarQuery,
          response: { 200: CalendarWire, ...errors(400, 401, 403, 500) },
        },
      },
      async ({ query, caller }) => {
        const { from, days } = spanFromWire(query, house.now())
        return calendarToWire(calendarOf(await getBankOfMerchant(house, caller.merchantId), from, days))
      },
    )
  }
