import type { Socket } from 'node:net'
import { type FastifyInstance, fastify } from 'fastify'
import type { House } from '../house.ts'
import { Refusal } from '../kernel/refusal.ts'
import { answerError, ErrorWire, errorBody, invalid } from './errors.ts'

/** Nothing larger is read. */
const bodyLimitBytes = 64 * 1024

/**
 * An HTTP application with the house's manners: request ids, error bodies, one log line a request, no coercion of what
 * a caller sent. Both origins (API and hosted flow) are made by it.
 */
export function openApp(house: House, name: string): FastifyInstance {
  const app = fastify({
    bodyLimit: bodyLimitBytes,
    genReqId: () => house.newId<'request'>(),
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 72_000,
    trustProxy: 'loopback',
    forceCloseConnections: true,
    clientErrorHandler: answerNoise(house),
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    // An address that cannot be read is refused before any hook runs.
    frameworkErrors: (error, request, reply) =>
      void answerError(house)(error, request, reply.header('x-request-id', request.id)),
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: true } },
  })
  app.removeContentTypeParser('text/plain')
  app.addSchema(ErrorWire)
  app.setErrorHandler(answerError(house))
  app.setNotFoundHandler((request, reply) => answerError(house)(new Refusal('not_found'), request, reply))
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
  })
  app.addHook('preValidation', async (request) => {
    if (/%00/.test(request.url) || !isStorable(request.body))
      throw invalid({
        pointer: '',
        code: 'characters',
        message: 'holds a character that is not text (NUL or half a pair), or is nested too deeply',
      })
  })
  app.addHook('onResponse', async (request, reply) => {
    house.log.info(
      {
        app: name,
        requestId: request.id,
        merchantId: request.caller?.merchantId,
        // The route, not the address: an address may carry what a log must not.
        route: `${request.method} ${request.routeOptions.url ?? '(none)'}`,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    )
  })
  return app
}

/** Nothing of ours is nested half as deep. Deeper, JSON and PostgreSQL run out of stack. */
const deepest = 32

/** PostgreSQL keeps neither NUL nor half a surrogate pair; nobody means to send one. */
function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  if (depth === deepest) return false
  return Object.entries(value).every(([key, member]) => isStorable(key) && isStorable(member, depth + 1))
}

/** What is not HTTP at all gets an answer like any other, and its connection is closed. */
const answerNoise = (house: House) => (error: NodeJS.ErrnoException, socket: Socket) => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const id = house.newId<'request'>()
  const refusal = invalid({ pointer: '', code: 'http', message: 'could not be read as HTTP' })
  const body = JSON.stringify(errorBody(house, refusal, id))
  const head = [
    'HTTP/1.1 400 Bad Request',
    `x-request-id: ${id}`,
    'content-type: application/json',
    'connection: close',
  ]
  socket.end([...head, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'))
}
