import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Bank } from '../banks/bank.ts'
import type { World } from '../world.ts'
import { accountAnswers } from './account.answers.ts'
import { type Call, openDoor } from './call.ts'
import { consentAnswers } from './consent.answers.ts'
import { FdxError, fdxErrors, toErrorBody } from './errors.ts'
import type { Answer, Asked, Resource } from './resource.ts'

declare module 'fastify' {
  interface FastifyRequest {
    fdxCodesAreNumbers: boolean
  }
}

const INTERACTION = 'x-fapi-interaction-id'
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const sendJson = (reply: FastifyReply, status: number, body: object) =>
  // Serialised here, because only JSON.stringify itself keeps the two decimals of an amount.
  reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body))

const gatewayPage = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>'

function send(reply: FastifyReply, call: Call, answer: Answer) {
  if (call.faults.has('html_502')) return reply.code(502).type('text/html').send(gatewayPage)
  if (call.faults.has('empty_body') || !answer.body) return reply.code(answer.status ?? 200).send()
  const isPartial = call.faults.has('partial') && answer.status === undefined
  return sendJson(reply, isPartial ? 206 : (answer.status ?? 200), answer.body)
}

/** A query parameter sent twice is nobody's intention; the first counts. */
function readQuery(query: unknown): Asked['query'] {
  const pairs = Object.entries((query ?? {}) as Record<string, unknown>)
  return Object.fromEntries(pairs.map(([name, value]) => [name, String(Array.isArray(value) ? value[0] : value)]))
}

/** The FDX-style data interface of one bank, in its dialect. */
export const fdxRoutes =
  (world: World, bank: Bank): FastifyPluginAsync =>
  async (app) => {
    const door = openDoor(world, bank)
    const base = `/${bank.slug}/fdx/${bank.dialect}`
    app.decorateRequest('fdxCodesAreNumbers', false)

    // Echoed from the first moment, so that every answer carries it, refusals too.
    app.addHook('onRequest', async (request, reply) => {
      const given = request.headers[INTERACTION]
      const isGood = typeof given === 'string' && uuid.test(given)
      reply.header(INTERACTION, isGood ? given : world.newId())
      reply.header('Cache-Control', 'no-store')
      if (!isGood) throw new FdxError('invalid_input', `${INTERACTION} must be a UUID`)
    })

    app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
      if (error instanceof FdxError)
        return sendJson(
          reply,
          fdxErrors[error.kind][0],
          toErrorBody(error.kind, error.message, request.fdxCodesAreNumbers),
        )
      if (error.statusCode && error.statusCode < 500)
        return sendJson(reply, 400, toErrorBody('invalid_input', error.message, request.fdxCodesAreNumbers))
      world.log.error(
        { bank: bank.slug, path: request.routeOptions.url, error: error.message },
        'data interface failed',
      )
      return sendJson(reply, 500, toErrorBody('internal', '', request.fdxCodesAreNumbers))
    })

    const serve = (resource: Resource) => async (request: FastifyRequest, reply: FastifyReply) => {
      const call = await door(request, resource.rule)
      const { id = '' } = request.params as { id?: string }
      const answer = await resource.answer(call, { id, query: readQuery(request.query), body: request.body })
      return send(reply, call, answer)
    }
    for (const resource of [...accountAnswers(world, bank), ...consentAnswers(world, bank)])
      app.route({ method: resource.method, url: `${base}${resource.path}`, handler: serve(resource) })

    app.all(`${base}/*`, async (request) => {
      throw new FdxError(request.method === 'GET' ? 'not_a_resource' : 'method_not_allowed', 'no such call')
    })
    app.all(`/${bank.slug}/fdx/*`, async () => {
      throw new FdxError('version_not_supported', `this bank speaks ${bank.dialect}`)
    })
  }
