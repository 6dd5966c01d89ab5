import type { FastifyInstance } from 'fastify'
import type { TokenServer } from '../access/token-server.ts'

/** Lets the OAuth server answer its paths itself; it reads the request's body, so nothing here may. */
export function mountTokenServer(app: FastifyInstance, tokens: TokenServer): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    for (const { method, path } of tokens.paths)
      scope.route({
        method,
        url: path,
        schema: { hide: true },
        handler: async (request, reply) => {
          reply.hijack()
          for (const [name, value] of Object.entries(reply.getHeaders())) if (value) reply.raw.setHeader(name, value)
          await tokens.handle(request.raw, reply.raw)
        },
      })
  })
}
