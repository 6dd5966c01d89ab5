import type { SwaggerOptions } from '@fastify/swagger'
import type { House } from '../house.ts'

/** What stands around the routes in the OpenAPI document. The routes' own schemas are the rest of it. */
export const openapiOptions = (house: House): SwaggerOptions => ({
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Rialto API',
      version: '1',
      description:
        'Pay by Bank: link a customer once, then be paid from their account. Every error has the body `Error`; ' +
        'every answer carries `X-Request-Id`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: house.settings.apiUrl }],
    components: {
      securitySchemes: {
        token: {
          type: 'oauth2',
          description: 'An access token from POST /v1/tokens, sent as Authorization: Bearer.',
          flows: {
            clientCredentials: {
              tokenUrl: `${house.settings.apiUrl}/v1/tokens`,
              scopes: { 'Link-Core': 'Sessions, customers, reading', 'Link-Payment': 'Payments' },
            },
          },
        },
      },
    },
  },
})
