import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { House } from '../house.ts'
import { errors, IdParams, pageFrom, pageOf, pageToWire } from '../http/wire.ts'
import { getPayout, listPayoutItems, listPayouts } from './payout.queries.ts'
import {
  filterFromWire,
  itemPageFrom,
  itemsToWire,
  ListSettlementsQuery,
  SettlementPaymentsPage,
  SettlementPaymentsQuery,
  SettlementWire,
  settlementToWire,
} from './settlement.wire.ts'

const scope = 'Link-Core'
const tags = ['Settlements']

export const settlementRoutes =
  (house: House): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/settlements',
      {
        config: { scope },
        schema: {
          operationId: 'listSettlements',
          summary: 'List settlements, newest first',
          tags,
          querystring: ListSettlementsQuery,
          response: { 200: pageOf(SettlementWire), ...errors(400, 401, 403, 500) },
        },
      },
      async ({ query, caller }) => {
        const found = await listPayouts(house, caller.merchantId, filterFromWire(query))
        const rows = found.map((one) => ({ ...one, id: one.payout.id }))
        return pageToWire(rows, pageFrom(query), settlementToWire)
      },
    )

    app.get(
      '/v1/settlements/:id',
      {
        config: { scope },
        schema: {
          operationId: 'getSettlement',
          summary: 'Read a settlement: what it pays out, line by line',
          tags,
          params: IdParams,
          response: { 200: SettlementWire, ...errors(401, 403, 404, 500) },
        },
      },
      async ({ params, caller }) => settlementToWire(await getPayout(house, caller.merchantId, params.id)),
    )

    app.get(
      '/v1/settlements/:id/payments',
      {
        config: { scope },
        schema: {
          operationId: 'listSettlementPayments',
          summary:
            'List the payments, refunds, credits and returns of a settlement, in the order in which they happened',
          tags,
          params: IdParams,
          querystring: SettlementPaymentsQuery,
          response: { 200: SettlementPaymentsPage, ...errors(400, 401, 403, 404, 500) },
        },
      },
      async ({ params, query, caller }) => {
        const page = itemPageFrom(query)
        const { payout } = await getPayout(house, caller.merchantId, params.id)
        const items = await listPayoutItems(house, payout, { ...page, limit: page.limit + 1 })
        return itemsToWire(items, page.limit)
      },
    )
  }
