import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { House } from '../house.ts'
import { errors, IdParams, pageFrom, pageOf, pageToWire } from '../http/wire.ts'
import { looksLikeId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { answerCreation, creationHeaders } from './creation.routes.ts'
import { giveCredit } from './credit.commands.ts'
import { CreatePaymentBody, newPaymentFromWire } from './new-payment.wire.ts'
import type { PaymentDesk } from './payment.desk.ts'
import { getPayment, getPaymentStory, listPayments } from './payment.queries.ts'
import {
  PaymentResultWire,
  PaymentSummaryWire,
  PaymentWire,
  paymentResultToWire,
  paymentSummaryToWire,
  paymentToWire,
} from './payment.wire.ts'
import { filterFromWire, ListPaymentsQuery } from './payment-list.wire.ts'
import { refundRoutes } from './refund.routes.ts'
import { TransactionWire, transactionToWire } from './transaction.wire.ts'
import { wishRoutes } from './wish.routes.ts'

/** Everything about payments: the address of each, and the reference product's other address for the same. */
export const paymentRoutes =
  (house: House, desk: PaymentDesk): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const path of ['/v1/payments', '/core/v1/payments']) {
      await app.register(makingRoutes(house, desk, path))
      await app.register(readingRoutes(house, path))
      await app.register(wishRoutes(house, path))
    }
    await app.register(refundRoutes(house))

    app.get(
      '/v1/transactions/:id',
      {
        config: { scope: 'any' },
        schema: {
          operationId: 'getTransaction',
          summary: 'Read the state of a payment, a credit or a refund',
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

const makingRoutes =
  (house: House, desk: PaymentDesk, path: string): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      path,
      {
        config: { scope: 'Link-Payment' },
        schema: {
          operationId: 'createPayment',
          summary: "Debit a customer's linked account, or credit it",
          tags: ['Payments'],
          headers: creationHeaders,
          body: CreatePaymentBody,
          response: { 200: PaymentResultWire, ...errors(400, 401, 403, 404, 409, 413, 415, 422, 500) },
        },
      },
      (request, reply) =>
        answerCreation(house, request, reply, {
          success: 200,
          create: async () => {
            const { type, ...input } = newPaymentFromWire(request.body, request.caller)
            if (!looksLikeId(input.customerId)) throw new Refusal('customer_not_found')
            const asked = { ...input, requestId: request.id }
            return type === 'debit' ? desk.create(asked) : giveCredit(house, asked)
          },
          toWire: paymentResultToWire,
          madeBefore: paymentResultToWire,
        }),
    )
  }

const readingRoutes =
  (house: House, path: string): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      path,
      {
        config: { scope: 'any' },
        schema: {
          operationId: 'listPayments',
          summary: 'List payments, credits and refunds, newest first',
          tags: ['Payments'],
          querystring: ListPaymentsQuery,
          response: { 200: pageOf(PaymentSummaryWire), ...errors(400, 401, 403, 500) },
        },
      },
      async ({ query, caller }) => {
        const filter = filterFromWire(query)
        if (filter.customerId && !looksLikeId(filter.customerId)) throw new Refusal('customer_not_found')
        if (filter.refundOf && !looksLikeId(filter.refundOf)) throw new Refusal('payment_not_found')
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
          summary: 'Read a payment, a credit or a refund: its states, why it was approved, until when it may come back',
          tags: ['Payments'],
          params: IdParams,
          response: { 200: PaymentWire, ...errors(401, 403, 404, 500) },
        },
      },
      async ({ params, caller }) => paymentToWire(await getPaymentStory(house, caller.merchantId, params.id)),
    )
  }
