import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { House } from '../house.ts'
import { allowEmptyBody } from '../http/empty-body.ts'
import { errors, IdParams } from '../http/wire.ts'
import { resend, resendFailed } from './delivery.commands.ts'
import { getDelivery, listDeliveries } from './delivery.queries.ts'
import {
  DeliveriesPage,
  DeliveryStoryWire,
  DeliveryWire,
  deliveriesToWire,
  deliveryFilterFromWire,
  deliveryToWire,
  ExampleBody,
  ExampleWire,
  exampleToWire,
  exampleTypeFromWire,
  ListDeliveriesQuery,
  ResendFailedBody,
  ResentWire,
  sinceFromWire,
  storyToWire,
} from './delivery.wire.ts'
import { getEndpoint } from './endpoint.queries.ts'
import { sendExample } from './example.jobs.ts'
import { readStatistics } from './statistics.queries.ts'
import { StatisticsWire, statisticsToWire } from './statistics.wire.ts'

const scope = 'Link-Core'
const tags = ['Webhooks']
const read = { tags, params: IdParams }

/** What became of each delivery, and sending it again. All of it is ours: the reference publishes no such call. */
export const deliveryRoutes =
  (house: House): FastifyPluginAsyncTypebox =>
  async (app) => {
    allowEmptyBody(app)

    app.post(
      '/v1/webhook/subscriptions/:id/examples',
      {
        config: { scope },
        schema: {
          operationId: 'sendExampleEvent',
          summary: 'Send an example of an event now, and see what comes of it',
          ...read,
          body: ExampleBody,
          response: { 200: ExampleWire, ...errors(400, 401, 403, 404, 500) },
        },
      },
      async ({ params, body, caller }) => {
        const type = exampleTypeFromWire(body)
        return exampleToWire(await sendExample(house, await getEndpoint(house, caller.merchantId, params.id), type))
      },
    )

    app.get(
      '/v1/webhook/subscriptions/:id/statistics',
      {
        config: { scope },
        schema: {
          operationId: 'getSubscriptionStatistics',
          summary: 'See how a subscription has done in the last 24 hours and 7 days',
          ...read,
          response: { 200: StatisticsWire, ...errors(401, 403, 404, 500) },
        },
      },
      async ({ params, caller }) =>
        statisticsToWire(await readStatistics(house, await getEndpoint(house, caller.merchantId, params.id))),
    )

    app.get(
      '/v1/webhook/subscriptions/:id/deliveries',
      {
        config: { scope },
        schema: {
          operationId: 'listDeliveries',
          summary: 'List the deliveries of a subscription, the newest event first',
          ...read,
          querystring: ListDeliveriesQuery,
          response: { 200: DeliveriesPage, ...errors(400, 401, 403, 404, 500) },
        },
      },
      async ({ params, query, caller }) => {
        const filter = deliveryFilterFromWire(query)
        const { id } = await getEndpoint(house, caller.merchantId, params.id)
        return deliveriesToWire(await listDeliveries(house, id, filter), filter.limit - 1)
      },
    )

    app.get(
      '/v1/webhook/deliveries/:id',
      {
        config: { scope },
        schema: {
          operationId: 'getDelivery',
          summary: 'Read a delivery: its event, and what each attempt met',
          ...read,
          response: { 200: DeliveryStoryWire, ...errors(401, 403, 404, 500) },
        },
      },
      async ({ params, caller }) => storyToWire(await getDelivery(house, caller.merchantId, params.id)),
    )

    app.post(
      '/v1/webhook/deliveries/:id/resend',
      {
        config: { scope },
        schema: {
          operationId: 'resendDelivery',
          summary: 'Send a delivery again, whatever came of it before',
          ...read,
          response: { 200: DeliveryWire, ...errors(400, 401, 403, 404, 500) },
        },
      },
      async ({ params, caller }) => deliveryToWire(await resend(house, caller.merchantId, params.id)),
    )

    app.post(
      '/v1/webhook/subscriptions/:id/resend-failed',
      {
        config: { scope },
        schema: {
          operationId: 'resendFailedDeliveries',
          summary: 'Send again whatever has failed since then, or waits for its next attempt',
          ...read,
          body: ResendFailedBody,
          response: { 200: ResentWire, ...errors(400, 401, 403, 404, 500) },
        },
      },
      async ({ params, body, caller }) => ({
        resent: await resendFailed(house, caller.merchantId, params.id, sinceFromWire(body)),
      }),
    )
  }
