import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { House } from '../house.ts'
import { allowEmptyBody } from '../http/empty-body.ts'
import { errors, IdParams } from '../http/wire.ts'
import type { Payment } from './payment.ts'
import { PaymentResultWire, paymentResultToWire } from './payment.wire.ts'
import { type Asked, cancelPayment, releasePayment, retryPayment } from './wish.commands.ts'

type Wanted = Readonly<{
  method: 'POST' | 'PUT'
  path: string
  operationId: string
  summary: string
  command: (house: House, asked: Asked) => Promise<Payment>
}>

const release = { path: 'release', summary: 'Let a held payment go', command: releasePayment }

const wanted: readonly Wanted[] = [
  {
    method: 'POST',
    path: 'cancel',
    operationId: 'cancelPayment',
    summary: 'Cancel a payment, a credit or a refund that is not in a file yet',
    command: cancelPayment,
  },
  { method: 'PUT', operationId: 'releasePayment', ...release },
  { method: 'POST', operationId: 'releasePaymentByPost', ...release },
  {
    method: 'POST',
    path: 'retry',
    operationId: 'retryPayment',
    summary: 'Present a payment again that came back with R01 or R09',
    command: retryPayment,
  },
]

/** What may be asked of a payment that exists. These calls have no body; whatever is sent as one is not looked at. */
export const wishRoutes =
  (house: House, root: string): FastifyPluginAsyncTypebox =>
  async (app) => {
    allowEmptyBody(app)
    for (const { method, path, operationId, summary, command } of wanted)
      app.route({
        method,
        url: `${root}/:id/${path}`,
        config: { scope: 'Link-Payment' },
        schema: {
          operationId,
          summary,
          tags: ['Payments'],
          params: IdParams,
          response: { 200: PaymentResultWire, ...errors(400, 401, 403, 404, 500) },
        },
        handler: async ({ params, caller, id: requestId }) => {
          const { merchantId } = caller
          return paymentResultToWire(await command(house, { merchantId, id: (params as { id: string }).id, requestId }))
        },
      })
  }
