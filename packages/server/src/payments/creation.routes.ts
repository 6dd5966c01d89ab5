import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { House } from '../house.ts'
import { replayable } from '../http/idempotency.ts'
import { Refusal } from '../kernel/refusal.ts'
import { getPayment } from './payment.queries.ts'
import type { Payment } from './payment.ts'

/** What a call that makes something may carry. */
export const creationHeaders = Type.Object({ 'idempotency-key': Type.Optional(Type.String()) })

type Creation<Made, Wire> = Readonly<{
  success: 200 | 201
  create: () => Promise<Made>
  toWire: (made: Made) => Wire
  /** The answer for what an earlier try had made before it died. */
  madeBefore: (payment: Payment) => Wire
}>

/** Makes something, once: a request with an Idempotency-Key gets the answer that it got the first time. */
export async function answerCreation<Made, Wire>(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  { success, create, toWire, madeBefore }: Creation<Made, Wire>,
): Promise<Wire> {
  const { caller, headers, body, id } = request
  reply.code(success)
  const make = async () => toWire(await create())
  const key = headers['idempotency-key']
  if (typeof key !== 'string') return make()
  const run = (triedBefore: boolean) =>
    make().catch(async (error: unknown) => {
      // The process that tried before died after it had recorded the payment: its answer is that payment.
      const first = error instanceof Refusal && error.code === 'request_key_used' && error.facts.existingPaymentId
      if (!triedBefore || typeof first !== 'string') throw error
      return madeBefore((await getPayment(house, caller.merchantId, first)).payment)
    })
  const answer = await replayable(house, { merchantId: caller.merchantId, key, body, requestId: id }, run, success)
  if (answer.replayed) reply.header('idempotent-replayed', 'true')
  // Already the text of the first answer, byte for byte.
  reply
    .code(answer.status)
    .type('application/json')
    .serializer((text: unknown) => text as string)
  return answer.body as Wire
}
