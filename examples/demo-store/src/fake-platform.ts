import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import formbody from '@fastify/formbody'
import fastify, { type FastifyRequest } from 'fastify'

type Json = Record<string, unknown>
type Call = Readonly<{ method: string; path: string; scope: string | undefined; body: Json }>

/** For tests: the platform's endpoints that the shop uses, as the wire contract has them, and a list of who called. */
export async function openFakePlatform() {
  const app = fastify({ forceCloseConnections: true })
  await app.register(formbody)
  const calls: Call[] = []
  const scopes = new Map<string, string>()
  const customers = new Map<string, Json>()
  const payments = new Map<string, { requestKey: string; transactionStatus: string; reason?: string }>()
  /** What was answered to a payment, by its Idempotency-Key. */
  const answers = new Map<string, Json>()
  /** What the next payments come to; `crash` takes the payment and then drops the connection. */
  const fate = {
    next: 'AUTHORIZED' as 'AUTHORIZED' | 'PENDING' | 'HELD' | 'crash',
    down: false,
    /** Down from the next crash on. */
    downAfter: false,
    forgetTokens: () => scopes.clear(),
    /** As the platform does after a week. */
    forgetAnswers: () => answers.clear(),
  }

  const refuse = (status: number, errorCode: string, errorMessage: string, more: Json = {}) =>
    Object.assign(new Error(errorMessage), { statusCode: status, wire: { errorCode, errorMessage, ...more } })
  app.setErrorHandler((error: Error & { statusCode?: number; wire?: Json }, _request, reply) =>
    reply.code(error.statusCode ?? 500).send(error.wire ?? { errorCode: 'INTERNAL_SERVER_ERROR' }),
  )
  const scopeOf = (request: FastifyRequest) => scopes.get(request.headers.authorization?.slice('Bearer '.length) ?? '')
  app.addHook('preHandler', async (request) => {
    const path = request.url
    calls.push({ method: request.method, path, scope: scopeOf(request), body: (request.body ?? {}) as Json })
    if (fate.down) throw refuse(503, 'UNAVAILABLE', 'Down.')
    if (path === '/v1/tokens') return
    const scope = scopeOf(request)
    if (!scope) throw refuse(401, 'UNAUTHORIZED', 'The token is not valid.')
    const needed = path.startsWith('/v1/payments') ? 'Link-Payment' : 'Link-Core'
    if (!scope.includes(needed) && !path.startsWith('/v1/transactions'))
      throw refuse(403, 'FORBIDDEN', `Needs ${needed}.`)
  })

  app.post('/v1/tokens', async (request) => {
    const { client_id, client_secret, scope } = request.body as Record<string, string>
    if (client_id !== 'shop' || client_secret !== 'shop-secret') throw refuse(401, 'invalid_client', 'Unknown client.')
    const access_token = `token-${randomUUID()}`
    scopes.set(access_token, scope ?? 'Link-Core')
    return { token_type: 'Bearer', expires_in: 3600, access_token, scope }
  })
  app.post('/v1/sessions', async () => ({ sessionKey: `session-${randomUUID()}` }))
  app.get('/v1/customers/:id', async (request) => {
    const customer = customers.get((request.params as { id: string }).id)
    if (customer) return customer
    throw refuse(404, 'NOT_FOUND', 'There is no such customer.')
  })
  app.delete('/v1/customers/:id', async (request, reply) => {
    customers.delete((request.params as { id: string }).id)
    return reply.code(200).send({})
  })
  app.post('/v1/payments', async (request, reply) => {
    const { requestKey, amount, clientReferenceId } = request.body as {
      requestKey: string
      amount: { value: number }
    } & Json
    const idempotencyKey = String(request.headers['idempotency-key'])
    const first = answers.get(idempotencyKey)
    if (first) return reply.header('idempotent-replayed', 'true').send(first)
    const taken = [...payments].find(([, payment]) => payment.requestKey === requestKey)
    if (taken) throw refuse(400, 'DUPLICATE_REQUEST_KEY', 'Used.', { existingPaymentId: taken[0] })
    const paymentId = randomUUID()
    if (amount.value > 9000) {
      const errorMessage = 'Transaction amount is greater than the limit.'
      payments.set(paymentId, { requestKey, transactionStatus: 'TERMINAL_FAILED', reason: errorMessage })
      const errorDetails = { errorCode: 'PAYMENT_DECLINED', errorMessage }
      return { paymentId, paymentStatus: 'TERMINAL_FAILED', clientReferenceId, errorDetails }
    }
    const status = fate.next === 'crash' ? 'AUTHORIZED' : fate.next
    payments.set(paymentId, { requestKey, transactionStatus: status })
    const answer = { paymentId, paymentStatus: status, clientReferenceId }
    answers.set(idempotencyKey, answer)
    if (fate.next === 'crash') {
      fate.down = fate.downAfter
      request.raw.socket.destroy()
      return reply.hijack()
    }
    return answer
  })
  app.get('/v1/transactions/:id', async (request) => {
    const { id } = request.params as { id: string }
    const payment = payments.get(id)
    if (!payment) throw refuse(404, 'NOT_FOUND', 'There is no such transaction.')
    const transactionFailureReason = payment.reason && { code: 'PAYMENT_DECLINED', description: payment.reason }
    return { transactionId: id, transactionStatus: payment.transactionStatus, transactionFailureReason }
  })

  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    close: () => app.close(),
    calls,
    callsTo: (path: string) => calls.filter((call) => call.path.startsWith(path)),
    payments,
    customers,
    fate,
    /** A customer who linked a bank in the hosted flow. */
    link(email: string, customerStatus = 'ACTIVE'): string {
      const id = randomUUID()
      const accountDetails = {
        financialInstitutionName: 'FinBank OAuth',
        accountLastFourDigits: '0001',
        accountType: 'checking',
      }
      customers.set(id, { id, firstName: 'Ada', lastName: 'Byron', email, customerStatus, accountDetails })
      return id
    },
  }
}
export type FakePlatform = Awaited<ReturnType<typeof openFakePlatform>>
