import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { House } from '../house.ts'
import { errors, IdParams, pageFrom, pageOf, pageToWire } from '../http/wire.ts'
import { getMadeReport, listMadeReports, readPieces } from './report.queries.ts'
import { attachment, kindFromWire, ListReportsQuery, ReportWire, reportToWire } from './report.wire.ts'

export const reportRoutes =
  (house: House): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/reports',
      {
        config: { scope: 'Link-Core' },
        schema: {
          operationId: 'listReports',
          summary: 'List reports, newest first',
          tags: ['Reports'],
          querystring: ListReportsQuery,
          response: { 200: pageOf(ReportWire), ...errors(400, 401, 403, 500) },
        },
      },
      async ({ query, caller }) => {
        const page = pageFrom(query)
        const wanted = { limit: page.limit + 1, after: page.after, kind: kindFromWire(query.kind) }
        return pageToWire(await listMadeReports(house, caller.merchantId, wanted), page, reportToWire)
      },
    )

    app.get(
      '/v1/reports/:id',
      {
        config: { scope: 'Link-Core' },
        schema: {
          operationId: 'getReport',
          summary: 'Read what a report is',
          tags: ['Reports'],
          params: IdParams,
          response: { 200: ReportWire, ...errors(401, 403, 404, 500) },
        },
      },
      async ({ params, caller }) => reportToWire(await getMadeReport(house, caller.merchantId, params.id)),
    )

    app.get(
      '/v1/reports/:id/content',
      {
        config: { scope: 'Link-Core' },
        schema: {
          operationId: 'getReportContent',
          summary: "Download a report's file",
          tags: ['Reports'],
          params: IdParams,
          produces: ['text/csv'],
          response: {
            200: {
              description: 'The file, UTF-8.',
              content: { 'text/csv': { schema: Type.String() } },
            },
            ...errors(401, 403, 404, 500),
          },
        },
      },
      async ({ params, caller }, reply) => {
        const { id, name, made } = await getMadeReport(house, caller.merchantId, params.id)
        // Read piece by piece, as fast as the caller takes them.
        return reply
          .type('text/csv; charset=utf-8')
          .headers({ 'content-disposition': attachment(name), 'content-length': made.bytes })
          .send(Readable.from(readPieces(house, id)) as never)
      },
    )
  }
