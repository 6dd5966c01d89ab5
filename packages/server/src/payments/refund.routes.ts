import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { House } from '../house.ts'
import { errors } from '../http/wire.ts'
import { answerCreation, creationHeaders } from './creation.routes.ts'
import { CreateRefundBody, newRefundFromWire } from './new-payment.wire.ts'
import { RefundResultWire, refundResultToWire } from './payment.wire.ts'
import { refundPayment } from './refund.commands.ts'

export const refundRoutes =
  (house: House): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/refunds',
      {
        config: { scope: 'Link-Payment' },
        schema: {
          operationId: 'createRefund',
          summary: 'Give back what a payment took, or part of it',
          tags: ['Payments'],
          headers: creationHeaders,
          body: CreateRefundBody,
          response: { 201: RefundResultWire, ...errors(400, 401, 403, 404, 409, 413, 415, 422, 500) },
        },
      },
      (request, reply) =>
        answerCreation(house, request, reply, {
          success: 201,
          create: () =>
            refundPayment(house, { ...newRefundFromWire(request.body, request.caller), requestId: request.id }),
          toWire: ({ refund, canceledInstead }) => refundResultToWire(refund, canceledInstead),
          madeBefore: (refund) => refundResultToWire(refund, false),
        }),
    )
  }
