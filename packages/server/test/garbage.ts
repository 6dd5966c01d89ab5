import { request } from 'node:http'
import fc from 'fast-check'

/** As much of a JSON schema as our routes use. */
export type Schema = Readonly<{
  type?: string
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  enum?: unknown[]
  maxLength?: number
}>
export type Route = Readonly<{
  method: string
  path: string
  query: Record<string, Schema>
  body: Schema | undefined
  form: boolean
}>
export type Shot = Readonly<{ method: string; path: string; headers: Record<string, string>; body: string | undefined }>

type Parameter = { name: string; in: string; schema: Schema }
type Operation = { parameters?: Parameter[]; requestBody?: { content: Record<string, { schema: Schema }> } }

/** The routes of an OpenAPI document. */
export function routesOf(document: unknown): Route[] {
  const { paths } = document as { paths: Record<string, Record<string, Operation>> }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]): Route => {
      const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? []
      const query = parameters.filter((one) => one.in === 'query').map(({ name, schema }) => [name, schema] as const)
      const form = type === 'application/x-www-form-urlencoded'
      return { method: method.toUpperCase(), path, query: Object.fromEntries(query), body: content?.schema, form }
    }),
  )
}

const nasty = fc.constantFrom(
  ...[
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    'x\udfff',
    '💸',
    'null',
    'undefined',
    'NaN',
    '-1',
    '1e400',
    "' or 1=1 --",
    '"; drop table',
  ],
  ...[
    '../../etc/passwd',
    '<script>',
    '\u0024{7*7}',
    '%00',
    '%',
    '%ff',
    '__proto__',
    'constructor',
    'toString',
    '\r\nx: y',
    '\u202e',
    'ﬃ',
  ],
  ...['2026-13-45', '0000-01-01', '9999-12-31T23:59:59-23:00', '+275760-09-13', '2026-01-05T00:00:00Z', '1', '01', '١'],
)
const text = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 40 }), fc.string(), fc.constant('x'.repeat(2_000)))
const number = fc.oneof(
  fc.constantFrom(0, -0, -1, 1.005, 1e20, 1e308, 5e-324, 2 ** 53, -(2 ** 63), 99_999_999.99, 1e8, 0.01),
  fc.double(),
  fc.integer(),
)
const anything: fc.Arbitrary<unknown> = fc.oneof(
  text,
  number,
  fc.constantFrom(null, true, false, [], {}),
  fc.anything({ key: text, values: [text, number, fc.boolean(), fc.constant(null)], maxDepth: 4 }),
)

/** A value of the schema, more or less: members go missing, become something else, and others join. */
function shaped(schema: Schema, known: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const { type, properties, items, anyOf } = schema
  const right = (): fc.Arbitrary<unknown> => {
    if (schema.enum) return fc.constantFrom(...schema.enum)
    if (anyOf?.length) return fc.oneof(...anyOf.map((one) => shaped(one, known)))
    if (properties) {
      const members = Object.entries(properties).map(([name, one]) => [name, shaped(one, known)] as const)
      return fc
        .tuple(
          fc.record(Object.fromEntries(members), { requiredKeys: [] }),
          fc.dictionary(text, anything, { maxKeys: 2 }),
        )
        .map(([own, more]) => ({ ...more, ...own }))
    }
    if (type === 'array') return fc.array(items ? shaped(items, known) : anything, { maxLength: 5 })
    if (type === 'number' || type === 'integer') return number
    if (type === 'boolean') return fc.boolean()
    return fc.oneof({ weight: 3, arbitrary: known }, { weight: 2, arbitrary: text })
  }
  return fc.oneof({ weight: 7, arbitrary: right() }, { weight: 1, arbitrary: anything })
}

/** The text of a body: whole, or with something torn out or put in. */
const torn = (whole: string) =>
  fc.tuple(fc.nat(whole.length), fc.nat(20), fc.oneof(text, fc.string())).map(([at, length, put]) => {
    return whole.slice(0, at) + put + whole.slice(at + length)
  })

const escaped = (part: string) => fc.constantFrom(encodeURIComponent(part.toWellFormed()), '%ff', '%', '%00', '..', '')
const types = fc.constantFrom(
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'x',
  'application/json; charset=x',
)
/** What an HTTP header may hold at all. */
const headerText = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 300,
})

/** Any request to any of the routes. `known` are ids and words that exist. */
export function shots(
  routes: readonly Route[],
  known: readonly string[],
  own: Record<string, string>,
): fc.Arbitrary<Shot> {
  const word = fc.constantFrom(...known)
  return fc.constantFrom(...routes).chain((route) =>
    fc
      .record({
        method: fc.oneof(
          { weight: 9, arbitrary: fc.constant(route.method) },
          fc.constantFrom('PUT', 'PATCH', 'HEAD', 'OPTIONS'),
        ),
        id: fc.oneof({ weight: 3, arbitrary: word }, { weight: 1, arbitrary: text.chain(escaped) }),
        query: fc.dictionary(
          fc.oneof(fc.constantFrom('limit', ...Object.keys(route.query)), text),
          fc.oneof(word, text, number.map(String)),
          { maxKeys: 4 },
        ),
        body: route.body ? shaped(route.body, word) : anything,
        tear: fc.boolean(),
        type: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: types }),
        key: fc.option(fc.oneof(word, headerText), { nil: undefined }),
        authorization: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, headerText),
      })
      .chain(({ body, tear, ...rest }) => {
        const whole = route.form ? formOf(body) : (JSON.stringify(body) ?? '')
        const bodies = tear ? fc.oneof({ weight: 2, arbitrary: fc.constant(whole) }, torn(whole)) : fc.constant(whole)
        return bodies.map((sent) => ({ ...rest, sent }))
      })
      .map(({ method, id, query, sent, type, key, authorization }): Shot => {
        const search = new URLSearchParams(
          Object.entries(query).map(([name, value]): [string, string] => [name, value.toWellFormed()]),
        )
        const bare = method === 'GET' || method === 'HEAD' || method === 'DELETE' || (route.body === undefined && !type)
        const usual = route.form ? 'application/x-www-form-urlencoded' : 'application/json'
        return {
          method,
          path: route.path.replaceAll(/\{\w+\}/g, id) + (search.size ? `?${search}` : ''),
          headers: {
            ...own,
            ...(bare && !type ? {} : { 'content-type': type ?? usual }),
            ...(key === undefined ? {} : { 'idempotency-key': key }),
            ...(authorization === undefined ? {} : { authorization }),
          },
          body: bare ? undefined : sent,
        }
      }),
  )
}

const formOf = (body: unknown): string =>
  new URLSearchParams(
    Object.entries(body ?? {}).map(([name, value]): [string, string] => [
      name,
      (typeof value === 'string' ? value : `${JSON.stringify(value)}`).toWellFormed(),
    ]),
  ).toString()

export type Hit = Readonly<{ status: number; text: string; type: string }>

/** Sends exactly what it is told, valid or not; nothing within five seconds is a hang. */
export function fire(origin: string, { method, path, headers, body }: Shot): Promise<Hit> {
  const { hostname, port } = new URL(origin)
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  const how = { hostname, port, method, path, headers: { ...headers, ...length }, timeout: 5_000, agent: false }
  return new Promise((done, fail) => {
    const call = request(how, (response) => {
      let words = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        words += chunk
      })
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, text: words, type: response.headers['content-type'] ?? '' }),
      )
    })
    call.on('timeout', () => call.destroy(new Error('a hang: nothing came within five seconds')))
    call.on('error', fail)
    call.end(body)
  })
}

/** Words that only our own inside would say. */
export const leak =
  /\bat .+:\d+:\d+|node_modules|\.ts:\d|PostgresError|FST_|SyntaxError|TypeError|RangeError|\bselect\b.+\bfrom\b|violates|broken promise/i
