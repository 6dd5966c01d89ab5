import type { FastifyInstance } from 'fastify'

/** Clients that always send a content type mean nothing by an empty body. For the routes of this plugin. */
export function allowEmptyBody(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body.trim() === '' ? done(null, undefined) : parse(request, body, done),
  )
}
