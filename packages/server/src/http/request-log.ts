import { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { House } from '../house.ts'
import type { Id } from '../kernel/id.ts'
import { keepRequests } from '../requests/api-request.commands.ts'
import { type ApiRequest, longest } from '../requests/api-request.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its calls are not written down: whoever follows what is written down would follow themselves for ever. */
    unrecorded?: true
  }
  interface FastifyRequest {
    /** Of an answer that says no. */
    errorCode: string | null
  }
}

const flushMs = 250
const restAfterFailureMs = 2_000
/** Whatever comes while so many wait for the database is lost, and counted. */
const mostWaiting = 10_000

/**
 * Writes down, for the developers of merchants, what their programs asked. Kept in memory and written some at a time:
 * no request waits for it, and none fails because of it. What came without a good token is nobody's, and is not kept.
 */
export function logRequests(app: FastifyInstance, house: House): void {
  const buffer = openBuffer(house)
  app.decorateRequest('errorCode', null)
  app.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode >= 400) request.errorCode = errorCodeOf(payload)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    if (isOfMerchant(request)) buffer.add(toApiRequest(house, request, reply))
    done()
  })
  app.addHook('onClose', () => buffer.close())
}

/** What the house asks at its own door is not the merchant's doing. */
const isOfMerchant = ({ raw, caller, routeOptions }: FastifyRequest): boolean =>
  caller !== undefined && !routeOptions.config.unrecorded && raw instanceof IncomingMessage

function errorCodeOf(payload: unknown): string | null {
  if (typeof payload !== 'string') return null
  try {
    const { errorCode } = JSON.parse(payload) as { errorCode?: unknown }
    return typeof errorCode === 'string' ? errorCode.slice(0, longest.errorCode) : null
  } catch {
    return null
  }
}

function toApiRequest(house: House, request: FastifyRequest, reply: FastifyReply): ApiRequest {
  const { caller, method, url, routeOptions, headers } = request
  const ms = Math.round(reply.elapsedTime)
  const [path = ''] = url.split('?')
  return {
    requestId: request.id as Id<'request'>,
    ...{ merchantId: caller.merchantId, clientId: caller.clientId },
    ...{ method, route: routeOptions.url ?? '', path: path.slice(0, longest.path) },
    ...{ status: reply.statusCode, errorCode: request.errorCode, ms },
    at: new Date(house.realNow().getTime() - ms),
    userAgent: headers['user-agent']?.slice(0, longest.userAgent) || null,
  }
}

function openBuffer(house: House) {
  let waiting: ApiRequest[] = []
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined

  /** Answers how long to rest. */
  async function write(): Promise<number> {
    const rows = waiting
    waiting = []
    const restMs = await keepRequests(house, rows).then(
      () => flushMs,
      (error: unknown) => {
        const kept = rows.slice(Math.max(0, rows.length - mostWaiting + waiting.length))
        lost += rows.length - kept.length
        waiting = [...kept, ...waiting]
        house.log.warn({ err: error, waiting: waiting.length }, 'requests could not be written down; tried again')
        return restAfterFailureMs
      },
    )
    if (lost > 0) house.log.warn({ lost }, 'requests were not written down')
    lost = 0
    return restMs
  }
  function writeIn(ms: number): void {
    timer ??= setTimeout(() => {
      writing = write().then((restMs) => {
        timer = undefined
        if (waiting.length > 0) writeIn(restMs)
      })
    }, ms).unref()
  }
  return {
    add(request: ApiRequest) {
      if (waiting.length < mostWaiting) waiting.push(request)
      else lost++
      writeIn(flushMs)
    },
    async close() {
      clearTimeout(timer)
      await writing
      clearTimeout(timer)
      if (waiting.length > 0) await write()
    },
  }
}
