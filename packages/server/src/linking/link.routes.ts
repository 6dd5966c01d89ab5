import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { House } from '../house.ts'
import { errors, IdParams } from '../http/wire.ts'
import { forgetCustomer } from './link.commands.ts'

export const linkRoutes =
  (house: House): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const prefix of ['/v1/customers', '/public/v1/customers'])
      app.delete(
        `${prefix}/:id`,
        {
          config: { scope: 'Link-Core' },
          schema: {
            operationId: 'deleteCustomer',
            summary: 'Let a customer go: end the consent at the bank and erase the bank data',
            tags: ['Customers'],
            params: IdParams,
            response: {
              204: Type.Null({ description: 'Nothing can be debited any more.' }),
              ...errors(401, 403, 404, 500),
            },
          },
        },
        async ({ params, caller }, reply) => {
          await forgetCustomer(house, caller.merchantId, params.id)
          return reply.code(204).send(null)
        },
      )
  }
