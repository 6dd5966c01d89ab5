import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { errors } from '../http/wire.ts'
import { Refusal } from '../kernel/refusal.ts'
import { magicAmounts } from './magic-amounts.ts'
import type { SimulationParts } from './simulation-parts.ts'
import {
  FaultBody,
  FaultWire,
  faultFromWire,
  faultToWire,
  listOf,
  MagicAmountsWire,
  RuleBody,
  RuleParams,
  RuleWire,
  ruleFromWire,
  ruleToWire,
} from './world.wire.ts'

const config = { scope: 'any' } as const
const tags = ['Sandbox']
const refused = errors(400, 401, 403, 500, 503)

/** What shall happen in the pretend outside world from now on, to all merchants' payments. */
export const worldRoutes =
  ({ world, collect }: SimulationParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/sandbox/magic-amounts',
      {
        config,
        schema: {
          operationId: 'listMagicAmounts',
          summary: 'List the amounts that mean something to the pretend banks',
          tags,
          response: { 200: MagicAmountsWire, ...errors(401, 403, 500) },
        },
      },
      async () => ({ data: magicAmounts.map((row) => ({ ...row, example: { ...row.example } })) }),
    )

    const listRules = { operationId: 'listRules', summary: 'List the rules in force, in order', tags }
    app.get(
      '/v1/sandbox/rules',
      { config, schema: { ...listRules, response: { 200: listOf(RuleWire), ...refused } } },
      async () => ({ data: (await world.listRules()).map(ruleToWire) }),
    )

    const addRule = { operationId: 'addRule', summary: 'Say what shall happen to payments that match', tags }
    app.post(
      '/v1/sandbox/rules',
      { config, schema: { ...addRule, body: RuleBody, response: { 201: RuleWire, ...refused } } },
      async ({ body }, reply) => reply.code(201).send(ruleToWire(await world.addRule(ruleFromWire(body)))),
    )

    const nothing = Type.Null({ description: 'Done.' })
    const removeRule = { operationId: 'removeRule', summary: 'Take a rule back', tags, params: RuleParams }
    app.delete(
      '/v1/sandbox/rules/:ruleId',
      { config, schema: { ...removeRule, response: { 204: nothing, ...errors(401, 403, 404, 500, 503) } } },
      async ({ params }, reply) => {
        if (!(await world.removeRule(params.ruleId))) throw new Refusal('not_found')
        return reply.code(204).send(null)
      },
    )

    const listFaults = { operationId: 'listFaults', summary: 'List what is set to go wrong', tags }
    app.get(
      '/v1/sandbox/faults',
      { config, schema: { ...listFaults, response: { 200: listOf(FaultWire), ...refused } } },
      async () => ({ data: (await world.listFaults()).map(faultToWire) }),
    )

    const addFault = { operationId: 'addFault', summary: 'Let something go wrong between us and our bank', tags }
    app.post(
      '/v1/sandbox/faults',
      { config, schema: { ...addFault, body: FaultBody, response: { 201: FaultWire, ...refused } } },
      async ({ body }, reply) => reply.code(201).send(faultToWire(await world.addFault(faultFromWire(body)))),
    )

    const clearFaults = { operationId: 'clearFaults', summary: 'Let nothing go wrong any more', tags }
    app.delete(
      '/v1/sandbox/faults',
      { config, schema: { ...clearFaults, response: { 204: nothing, ...refused } } },
      async (_request, reply) => {
        if ((await world.clearFaults()) > 0) await collect()
        return reply.code(204).send(null)
      },
    )
  }
