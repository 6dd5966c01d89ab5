import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { House } from '../house.ts'
import { replayable } from '../http/idempotency.ts'
import { errors, IdParams, pageFrom, pageOf, pageToWire } from '../http/wire.ts'
import { looksLikeId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { PaymentDesk } from './payment.desk.ts'
import { getPayment, getPaymentStory, listPayments } from './payment.queries.ts'
import {
  CreatePaymentBody,
  filterFromWire,
  ListPaymentsQuery,
  newPaymentFromWire,
  PaymentResultWire,
  PaymentSummaryWire,
  PaymentWire,
  paymentResultToWire,
  paymentSummaryToWire,
  paymentToWire,
  TransactionWire,
  transactionToWire,
} from './payment.wire.ts'

export const paymentRoutes =
  (house: House, desk: PaymentDesk): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const path of ['/v1/payments', '/core/v1/payments']) {
      app.post(
        path,
        {
          config: { scope: 'Link-Payment' },
          schema: {
            operationId: 'createPayment',
            summary: "Debit a customer's linked account",
            tags: ['Payments'],
            headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String()) }),
            body: CreatePaymentBody,
            response: { 200: PaymentResultWire, ...errors(400, 401, 403, 404, 409, 413, 415, 422, 500) },
          },
        },
        async ({ body, caller, headers, id }, reply) => {
          const create = async () => {
            const input = newPaymentFromWire(body, caller)
            if (!looksLikeId(input.customerId)) throw new Refusal('customer_not_found')
            return paymentResultToWire(await desk.create({ ...input, requestId: id }))
          }
          const key = headers['idempotency-key']
          if (key === undefined) return create()
          const request = { merchantId: caller.merchantId, key, body, requestId: id }
          const answer = await replayable(house, request, (triedBefore) =>
            create().catch(async (error: unknown) => {
              // The process that tried before died after it had recorded the payment: its answer is that payment.
              const first =
                error instanceof Refusal && error.code === 'request_key_used' && error.facts.existingPaymentId
              if (!triedBefore || typeof first !== 'string') throw error
              return paymentResultToWire((await getPayment(house, caller.merchantId, first)).payment)
            }),
          )
          if (answer.replayed) reply.header('idempotent-replayed', 'true')
          // Already the text of the first answer, byte for byte.
          reply
            .code(answer.status as 200)
            .type('application/json')
            .serializer((text: unknown) => text as string)
          return answer.body as never
        },
      )

      app.get(
        path,
        {
          config: { scope: 'any' },
          schema: {
            operationId: 'listPayments',
            summary: 'List payments, newest first',
            tags: ['Payments'],
            querystring: ListPaymentsQuery,
            response: { 200: pageOf(PaymentSummaryWire), ...errors(400, 401, 403, 500) },
          },
        },
        async ({ query, caller }) => {
          const filter = filterFromWire(query)
          if (filter.customerId && !looksLikeId(filter.customerId)) throw new Refusal('customer_not_found')
          const rows = await listPayments(house, caller.merchantId, filter)
          return pageToWire(rows, pageFrom(query), paymentSummaryToWire)
        },
      )

      app.get(
        `${path}/:id`,
        {
          config: { scope: 'any' },
          schema: {
            operationId: 'getPayment',
            summary: 'Read a payment: its states and why it was approved or declined',
            tags: ['Payments'],
            params: IdParams,
            response: { 200: PaymentWire, ...errors(401, 403, 404, 500) },
          },
        },
        async ({ params, caller }) => paymentToWire(await getPaymentStory(house, caller.merchantId, params.id)),
      )
    }

    app.get(
      '/v1/transactions/:id',
      {
        config: { scope: 'any' },
        schema: {
          operationId: 'getTransaction',
          summary: 'Read the state of a payment',
          tags: ['Payments'],
          params: IdParams,
          response: { 200: TransactionWire, ...errors(401, 403, 404, 500) },
        },
      },
      async ({ params, caller }) => {
        const { payment, account } = await getPayment(house, caller.merchantId, params.id)
        return transactionToWire(payment, account)
      },
    )
  }
