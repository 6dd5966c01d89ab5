import type { SwaggerOptions } from '@fastify/swagger'
import type { FastifyContextConfig } from 'fastify'
import { scopes } from '../access/caller.ts'
import type { House } from '../house.ts'
import { tokenPaths } from './openapi-tokens.ts'

/** Paths that answer like another one. They are served, not documented. */
const aliases = /^\/(core|public|session)\//

type Tag = Readonly<{ name: string; description: string }>

/** What stands around the routes in the OpenAPI document. The routes' own schemas are the rest of it. */
export const openapiOptions = ({ settings }: House, moreTags: readonly Tag[]): SwaggerOptions => ({
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Rialto API',
      version: '1',
      description:
        'Pay by Bank: link a customer once, then be paid from their account.\n\n' +
        'Every error has the body `Error`, and every answer carries `X-Request-Id`. Amounts are decimal dollars with at ' +
        'most two decimals; times are ISO 8601 in UTC. Unknown members are ignored.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: settings.apiUrl }],
    tags: [
      { name: 'Tokens', description: 'OAuth 2.0 client credentials.' },
      { name: 'Sessions', description: 'One visit of one customer to the hosted linking flow.' },
      { name: 'Customers', description: 'Who linked, and their accounts.' },
      { name: 'Payments', description: "Debits of customers' accounts, credits and refunds." },
      { name: 'Settlements', description: 'What was paid out to you, line by line.' },
      { name: 'Reports', description: 'Files for your back office, made every day.' },
      { name: 'Webhooks', description: 'Being told of events: subscriptions, and what became of each delivery.' },
      { name: 'Events', description: 'Everything that happened, in one sequence without gaps.' },
      { name: 'Requests', description: 'What your programs asked of the API in the last week, and how it went.' },
      { name: 'Return rates', description: 'How many debits come back, and how many may.' },
      { name: 'ACH', description: 'The rail that payments go by, and its banking days.' },
      ...moreTags,
    ],
    components: {
      securitySchemes: {
        token: {
          type: 'oauth2',
          description: 'An access token from POST /v1/tokens, sent as `Authorization: Bearer`.',
          flows: {
            clientCredentials: {
              tokenUrl: `${settings.apiUrl}/v1/tokens`,
              scopes: { 'Link-Core': 'Sessions, customers, reading', 'Link-Payment': 'Payments' },
            },
          },
        },
      },
    },
  },
  refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `schema${index}`) },
  transform: ({ schema, url, route }) => {
    const { scope } = (route.config ?? {}) as FastifyContextConfig
    const needed = scope === 'any' ? scopes.map((one) => ({ token: [one] })) : scope ? [{ token: [scope] }] : undefined
    const hide = schema?.hide ?? (aliases.test(url) || !schema?.operationId)
    return { schema: { ...schema, hide, ...(needed ? { security: needed } : {}) }, url }
  },
  transformObject: (document) => {
    if (!('openapiObject' in document)) throw new Error('broken promise: the document is an OpenAPI document')
    const { openapiObject } = document
    return { ...openapiObject, paths: { ...tokenPaths, ...openapiObject.paths } as never }
  },
})
