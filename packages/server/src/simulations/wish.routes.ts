import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { errors, IdParams } from '../http/wire.ts'
import type { SimulationParts } from './simulation-parts.ts'
import { wishFor } from './wish.commands.ts'
import { CorrectBody, correctionFromWire, ReturnBody, returnFromWire, WishedWire } from './wish.wire.ts'

const answers = { 200: WishedWire, ...errors(400, 401, 403, 404, 409, 500, 503) }
const config = { scope: 'any' } as const

/** What shall happen to a payment at the customer's bank, now and out of turn. */
export const wishRoutes =
  (parts: SimulationParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/sandbox/payments/:id/settle',
      {
        config,
        schema: {
          operationId: 'simulateSettlement',
          summary: 'Settle a payment now',
          tags: ['Sandbox'],
          params: IdParams,
          response: answers,
        },
      },
      async (request) => {
        const { params, caller } = request
        const wished = await wishFor(parts, caller.merchantId, params.id, (world, trace) => world.settle(trace))
        return answer(app, request, wished.traceNumber)
      },
    )

    app.post(
      '/v1/sandbox/payments/:id/return',
      {
        config,
        schema: {
          operationId: 'simulateReturn',
          summary: 'Let a payment come back now, with a return code',
          tags: ['Sandbox'],
          params: IdParams,
          body: ReturnBody,
          response: answers,
        },
      },
      async (request) => {
        const { params, caller, body } = request
        const how = returnFromWire(body)
        const wished = await wishFor(parts, caller.merchantId, params.id, (world, trace) =>
          world.returnEntry(trace, how),
        )
        return answer(app, request, wished.traceNumber)
      },
    )

    app.post(
      '/v1/sandbox/payments/:id/correct',
      {
        config,
        schema: {
          operationId: 'simulateCorrection',
          summary: 'Let the bank notify of a change of account data',
          tags: ['Sandbox'],
          params: IdParams,
          body: CorrectBody,
          response: answers,
        },
      },
      async (request) => {
        const { params, caller, body } = request
        const wished = await wishFor(parts, caller.merchantId, params.id, (world, trace, payment) =>
          world.correct(trace, correctionFromWire(body, payment.type === 'debit' ? 'debit' : 'credit')),
        )
        return answer(app, request, wished.traceNumber)
      },
    )
  }

/** Asked at our own door, so that a payment's state is told in the wire's words, which are the payments' alone. */
async function answer(app: FastifyInstance, request: FastifyRequest<{ Params: { id: string } }>, traceNumber: string) {
  const { authorization = '' } = request.headers
  const url = `/v1/transactions/${encodeURIComponent(request.params.id)}`
  const transaction = await app.inject({ method: 'GET', url, headers: { authorization } })
  const { transactionId, transactionStatus } = transaction.json<{ transactionId: string; transactionStatus: string }>()
  return { paymentId: transactionId, transactionStatus, traceNumber }
}
