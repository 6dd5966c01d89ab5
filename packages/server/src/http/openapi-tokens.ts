const oauthError = {
  description: 'RFC 6749 error body, with our errorCode and errorMessage beside it.',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: {
          error: { type: 'string' },
          error_description: { type: 'string' },
          errorCode: { type: 'string' },
          errorMessage: { type: 'string' },
        },
        required: ['error'],
      },
    },
  },
}

const form = (properties: Record<string, unknown>, required: string[]) => ({
  required: true,
  content: { 'application/x-www-form-urlencoded': { schema: { type: 'object', properties, required } } },
})

const clientMembers = {
  client_id: { type: 'string', description: 'Or send id and secret as HTTP Basic.' },
  client_secret: { type: 'string' },
  client_assertion_type: {
    type: 'string',
    description: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer, for private_key_jwt.',
  },
  client_assertion: { type: 'string', description: 'The signed assertion of private_key_jwt.' },
}

const text = { type: 'string' }

/** The OAuth server answers these itself, so they are described by hand. */
export const tokenPaths = {
  '/v1/tokens': {
    post: {
      operationId: 'createToken',
      tags: ['Tokens'],
      summary: 'Get an access token',
      description: 'Client credentials by form, HTTP Basic or private_key_jwt. Without a scope: Link-Core.',
      requestBody: form(
        {
          grant_type: { type: 'string', enum: ['client_credentials'] },
          scope: { type: 'string', description: 'Link-Core, Link-Payment, or both with a space between.' },
          ...clientMembers,
        },
        ['grant_type'],
      ),
      responses: {
        200: {
          description: 'A signed access token, good for an hour.',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: { access_token: text, token_type: text, expires_in: { type: 'integer' }, scope: text },
                required: ['access_token', 'token_type', 'expires_in', 'scope'],
              },
            },
          },
        },
        400: oauthError,
        401: oauthError,
      },
    },
  },
  '/v1/tokens/introspect': {
    post: {
      operationId: 'introspectToken',
      tags: ['Tokens'],
      summary: 'Ask whether a token is alive (RFC 7662)',
      requestBody: form({ token: text, ...clientMembers }, ['token']),
      responses: {
        200: {
          description: '`active` says it; the rest is there for a live token of yours.',
          content: {
            'application/json': {
              schema: { type: 'object', properties: { active: { type: 'boolean' } }, required: ['active'] },
            },
          },
        },
        401: oauthError,
      },
    },
  },
  '/v1/tokens/revoke': {
    post: {
      operationId: 'revokeToken',
      tags: ['Tokens'],
      summary: 'End a token before its time (RFC 7009)',
      requestBody: form({ token: text, ...clientMembers }, ['token']),
      responses: { 200: { description: 'It no longer works, or never did.' }, 401: oauthError },
    },
  },
} as const
