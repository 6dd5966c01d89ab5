import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { House } from '../house.ts'
import { errors, IdParams, PageQuery, pageFrom, pageOf, pageToWire } from '../http/wire.ts'
import { getCustomerWithAccounts, listCustomers } from './customer.queries.ts'
import {
  accountsToWire,
  CustomerAccountsWire,
  CustomerSummaryWire,
  CustomerWire,
  customerSummaryToWire,
  customerToWire,
} from './customer.wire.ts'

// The reference's browser SDK reads these two from the merchant's page. A page has no credential that the browser adds
// by itself, only a token it was given, so any origin may read what that token may.
const readableAnywhere = { 'access-control-allow-origin': '*' }

export const customerRoutes =
  (house: House): FastifyPluginAsyncTypebox =>
  async (app) => {
    const logoOf = (institutionId: string) => `${house.settings.clientUrl}/bank-marks/${institutionId}.svg`

    app.addHook('onSend', async (request, reply) => {
      // Errors too: a page has to learn that its token is too old.
      if (request.method === 'GET' && request.routeOptions.url?.includes('/:id')) reply.headers(readableAnywhere)
    })

    for (const prefix of ['/v1/customers', '/public/v1/customers']) {
      for (const path of [`${prefix}/:id`, `${prefix}/:id/accounts`])
        app.options(path, { schema: { hide: true } }, async (_request, reply) =>
          reply
            .headers({ ...readableAnywhere, 'access-control-allow-headers': 'authorization' })
            .header('access-control-allow-methods', 'GET')
            .header('access-control-max-age', '86400')
            .code(204)
            .send(),
        )

      app.get(
        `${prefix}/:id`,
        {
          config: { scope: 'Link-Core' },
          schema: {
            operationId: 'getCustomer',
            summary: 'Read a customer and the account that pays',
            tags: ['Customers'],
            params: IdParams,
            response: { 200: CustomerWire, ...errors(401, 403, 404, 500) },
          },
        },
        async ({ params, caller }) => {
          const { customer, accounts } = await getCustomerWithAccounts(house, caller.merchantId, params.id)
          return customerToWire(customer, accounts)
        },
      )

      app.get(
        `${prefix}/:id/accounts`,
        {
          config: { scope: 'Link-Core' },
          schema: {
            operationId: 'getCustomerAccounts',
            summary: "Read a customer's accounts, the one that pays first",
            tags: ['Customers'],
            params: IdParams,
            response: { 200: CustomerAccountsWire, ...errors(401, 403, 404, 500) },
          },
        },
        async ({ params, caller }) => {
          const { customer, accounts } = await getCustomerWithAccounts(house, caller.merchantId, params.id)
          return accountsToWire(customer, accounts, logoOf)
        },
      )
    }

    app.get(
      '/v1/customers',
      {
        config: { scope: 'Link-Core' },
        schema: {
          operationId: 'listCustomers',
          summary: 'List customers, newest first',
          tags: ['Customers'],
          querystring: Type.Object({ ...PageQuery, email: Type.Optional(Type.String({ maxLength: 254 })) }),
          response: { 200: pageOf(CustomerSummaryWire), ...errors(400, 401, 403, 500) },
        },
      },
      async ({ query, caller }) => {
        const page = pageFrom(query)
        const filter = { limit: page.limit + 1, after: page.after, email: query.email ?? null }
        const rows = await listCustomers(house, caller.merchantId, filter)
        return pageToWire(rows, page, customerSummaryToWire)
      },
    )
  }
