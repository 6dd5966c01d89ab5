import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { House } from '../house.ts'
import { errors, IdParams } from '../http/wire.ts'
import { replay } from './delivery.commands.ts'
import { getEndpoint } from './endpoint.queries.ts'
import { listReplaysUnderWay } from './replay.queries.ts'
import {
  NothingToReplayWire,
  nothingToReplay,
  ReplayBody,
  ReplayMadeWire,
  ReplaysPage,
  replayMadeToWire,
  replaysToWire,
  stretchFromWire,
} from './replay.wire.ts'

const scope = 'Link-Core'
const tags = ['Webhooks']

/** Telling a stretch of what has happened again. */
export const replayRoutes =
  (house: House): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/webhook/subscriptions/:id/replays',
      {
        config: { scope },
        schema: {
          operationId: 'replayEvents',
          summary: 'Tell a subscription a stretch of events again, or for the first time',
          tags,
          params: IdParams,
          body: ReplayBody,
          response: { 200: NothingToReplayWire, 201: ReplayMadeWire, ...errors(400, 401, 403, 404, 500) },
        },
      },
      async ({ params, body, caller }, reply) => {
        const made = await replay(house, caller.merchantId, params.id, stretchFromWire(body, house.now()))
        return made ? reply.code(201).send(replayMadeToWire(made)) : nothingToReplay
      },
    )

    app.get(
      '/v1/webhook/subscriptions/:id/replays',
      {
        config: { scope },
        schema: {
          operationId: 'listReplays',
          summary: 'List the replays of a subscription that are under way',
          tags,
          params: IdParams,
          response: { 200: ReplaysPage, ...errors(401, 403, 404, 500) },
        },
      },
      async ({ params, caller }) => {
        const { id } = await getEndpoint(house, caller.merchantId, params.id)
        return replaysToWire(await listReplaysUnderWay(house, id))
      },
    )
  }
