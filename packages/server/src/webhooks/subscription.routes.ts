import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { House } from '../house.ts'
import { errors, IdParams, PageQuery, pageFrom, pageOf, pageToWire } from '../http/wire.ts'
import { rotateSecret, subscribe, unsubscribe, updateEndpoint } from './endpoint.commands.ts'
import { getEndpoint, listEndpoints, viewOf } from './endpoint.queries.ts'
import { secretOf } from './secret.ts'
import {
  changeFromWire,
  newEndpointFromWire,
  RotatedSecretWire,
  RotateSecretBody,
  rotatedToWire,
  rotationFromWire,
  SubscribeBody,
  SubscriptionKeyWire,
  SubscriptionWire,
  subscriptionKeyToWire,
  subscriptionToWire,
  UnsubscribeBody,
  UpdateSubscriptionBody,
  unsubscriptionFromWire,
} from './subscription.wire.ts'

const scope = 'Link-Core'
const tags = ['Webhooks']

/** Where a merchant is told, and of what. The first two are the reference's; the others are ours. */
export const subscriptionRoutes =
  (house: House): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/webhook/subscribe',
      {
        config: { scope },
        schema: {
          operationId: 'subscribe',
          summary: 'Subscribe an address to events',
          tags,
          body: SubscribeBody,
          response: { 200: SubscriptionKeyWire, ...errors(400, 401, 403, 500) },
        },
      },
      async ({ body, caller }) => {
        const input = { ...newEndpointFromWire(body), merchantId: caller.merchantId }
        return subscriptionKeyToWire(await subscribe(house, input), input.secret)
      },
    )

    app.put(
      '/v1/webhook/unsubscribe',
      {
        config: { scope },
        schema: {
          operationId: 'unsubscribe',
          summary: 'Take some of its events away from a subscription, or end it',
          tags,
          body: UnsubscribeBody,
          response: { 200: SubscriptionKeyWire, ...errors(400, 401, 403, 404, 500) },
        },
      },
      async ({ body, caller }) => {
        const { id, wish } = unsubscriptionFromWire(body)
        return subscriptionKeyToWire(await unsubscribe(house, caller.merchantId, id, wish))
      },
    )

    app.get(
      '/v1/webhook/subscriptions',
      {
        config: { scope },
        schema: {
          operationId: 'listSubscriptions',
          summary: 'List subscriptions, newest first',
          tags,
          querystring: Type.Object(PageQuery),
          response: { 200: pageOf(SubscriptionWire), ...errors(400, 401, 403, 500) },
        },
      },
      async ({ query, caller }) => {
        const page = pageFrom(query)
        const found = await listEndpoints(house, caller.merchantId, { ...page, limit: page.limit + 1 })
        const rows = found.map((one) => ({ ...one, id: one.endpoint.id }))
        return pageToWire(rows, page, subscriptionToWire)
      },
    )

    app.get(
      '/v1/webhook/subscriptions/:id',
      {
        config: { scope },
        schema: {
          operationId: 'getSubscription',
          summary: 'Read a subscription, and how it is doing',
          tags,
          params: IdParams,
          response: { 200: SubscriptionWire, ...errors(401, 403, 404, 500) },
        },
      },
      async ({ params, caller }) =>
        subscriptionToWire(await viewOf(house, await getEndpoint(house, caller.merchantId, params.id))),
    )

    app.patch(
      '/v1/webhook/subscriptions/:id',
      {
        config: { scope },
        schema: {
          operationId: 'updateSubscription',
          summary: 'Change a subscription; disable it, or enable it again',
          tags,
          params: IdParams,
          body: UpdateSubscriptionBody,
          response: { 200: SubscriptionWire, ...errors(400, 401, 403, 404, 500) },
        },
      },
      async ({ params, body, caller }) => {
        const changed = await updateEndpoint(house, caller.merchantId, params.id, changeFromWire(body))
        return subscriptionToWire(await viewOf(house, changed))
      },
    )

    app.post(
      '/v1/webhook/subscriptions/:id/rotate-secret',
      {
        config: { scope },
        schema: {
          operationId: 'rotateSubscriptionSecret',
          summary: 'Sign with another secret from now on, and with both for a while',
          tags,
          params: IdParams,
          body: RotateSecretBody,
          response: { 200: RotatedSecretWire, ...errors(400, 401, 403, 404, 500) },
        },
      },
      async ({ params, body, caller }) => {
        const { secret: given, overlapMs } = rotationFromWire(body)
        const secret = given ?? secretOf(house.random(32))
        const rotated = await rotateSecret(house, caller.merchantId, params.id, { secret, overlapMs })
        return rotatedToWire(rotated, { secret, isMade: given === null })
      },
    )
  }
