import { expect, it } from 'vitest'
import { comment } from './schema-types.ts'
import { type OpenApi, sdkTypes } from './sdk-types.ts'

const amount = { title: 'Amount', type: 'object', properties: { value: { type: 'number' } }, required: ['value'] }
const wish = {
  title: 'Wish',
  type: 'object',
  description: 'What is wanted.',
  properties: {
    amount,
    'soft-descriptor': {
      anyOf: [{ type: 'string' }, { type: 'null' }],
      description: "Travels to the customer's bank.",
    },
    tags: { type: 'array', items: { enum: ['a', "b'c"] } },
  },
  required: ['amount'],
}
const error = { title: 'Error', type: 'object', properties: { errorCode: { type: 'string' } }, required: ['errorCode'] }
const answered = (schema: object) => ({ content: { 'application/json': { schema } } })

const document = (more: OpenApi['paths'] = {}): OpenApi => ({
  components: { schemas: { Error: error } },
  paths: {
    '/v1/wishes/{id}': {
      post: {
        summary: 'Wish for something',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'limit', in: 'query', description: 'How many.', schema: { type: 'integer' } },
          { name: 'idempotency-key', in: 'header', schema: { type: 'string' } },
        ],
        requestBody: { required: true, ...answered(wish) },
        responses: {
          200: answered({ type: 'object', properties: { left: { type: 'array', items: amount } } }),
          204: {},
          400: answered({ $ref: '#/components/schemas/Error' }),
        },
      },
    },
    '/v1/tokens': {
      post: { requestBody: { content: { 'application/x-www-form-urlencoded': {} } }, responses: { 200: answered({}) } },
    },
    ...more,
  },
})
const print = (openapi: OpenApi): string => Object.values(sdkTypes(openapi, {}, []))[0] ?? ''

it('prints what a call holds and answers, and each schema with a title once', () => {
  expect(print(document())).toBe(`// Printed by \`npm run print\` from the server; a change here is overwritten.

/** Every call of the API: what its path, its query and its body hold, and what it answers. */
export type Operations = {
  /** Wish for something */
  'POST /v1/wishes/{id}': {
    params: {
      id: string
    }
    query?: {
      /** How many. */
      limit?: number | undefined
    }
    body: Wish
    answer: {
      left?: Amount[]
    } | undefined
  }
}

export type Amount = {
  value: number
}

export type ErrorBody = {
  errorCode: string
}

/** What is wanted. */
export type Wish = {
  amount: Amount
  /** Travels to the customer's bank. */
  'soft-descriptor'?: string | null | undefined
  tags?: readonly ('a' | 'b\\'c')[] | undefined
}
`)
})

it('refuses two schemas of one title that differ, and a schema that is nowhere', () => {
  const other = { get: { responses: { 200: answered({ ...amount, required: [] }) } } }
  expect(() => print(document({ '/v1/other': other }))).toThrow('Two schemas that differ are titled Amount')
  const lost = { get: { responses: { 200: answered({ $ref: '#/components/schemas/Lost' }) } } }
  expect(() => print(document({ '/v1/lost': lost }))).toThrow('#/components/schemas/Lost points at nothing.')
})

it('prints events by their category and the codes of errors, each once', () => {
  const events = {
    'payment.failed': { category: 'PAYMENT', says: 'It failed.' },
    'report.available': { category: 'REPORT', says: 'It is there.' },
  }
  const printed = Object.values(sdkTypes(document(), events, [{ errorCode: 'NOT_FOUND' }, { errorCode: 'NOT_FOUND' }]))
  expect(printed[1]).toContain(`PAYMENT:\n    /** It failed. */\n    | 'payment.failed'\n  REPORT:\n`)
  expect(printed[2]?.match(/'NOT_FOUND'/g)).toHaveLength(1)
})

it('breaks a comment where a line would be wider than a line may be', () => {
  const said = comment(`${'word '.repeat(40)}*/ end`, '    ')
  expect(Math.max(...said.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
  expect(said.match(/word/g)).toHaveLength(40)
  expect(said.match(/\*\//g)).toHaveLength(1)
})
