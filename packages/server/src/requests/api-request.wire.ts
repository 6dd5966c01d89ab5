import { type Static, Type } from 'typebox'
import { invalid } from '../http/errors.ts'
import type { RequestPage, RequestsWanted } from './api-request.queries.ts'
import type { ApiRequest } from './api-request.ts'

export const RequestWire = Type.Object(
  {
    requestId: Type.String({ description: 'X-Request-Id of the answer.' }),
    at: Type.String({ format: 'date-time', description: 'When it came, in real time.' }),
    method: Type.String({ examples: ['POST'] }),
    route: Type.String({ examples: ['/v1/payments/:id'] }),
    path: Type.String({ description: 'Without the query.', examples: ['/v1/payments'] }),
    status: Type.Integer(),
    errorCode: Type.Optional(Type.String()),
    ms: Type.Integer({ description: 'How long it took.' }),
    clientId: Type.String(),
    userAgent: Type.Optional(Type.String()),
  },
  { title: 'ApiRequest' },
)

export const requestToWire = (request: ApiRequest): Static<typeof RequestWire> => ({
  ...{ requestId: request.requestId, at: request.at.toISOString() },
  ...{ method: request.method, route: request.route, path: request.path, status: request.status },
  ...(request.errorCode === null ? {} : { errorCode: request.errorCode }),
  ...{ ms: request.ms, clientId: request.clientId },
  ...(request.userAgent === null ? {} : { userAgent: request.userAgent }),
})

export const ListRequestsQuery = Type.Object({
  after: Type.Optional(
    Type.String({
      pattern: '^([0-9]{0,15}|latest)$',
      description: 'The nextCursor of the page before; from the oldest when absent; latest: what comes from now on.',
    }),
  ),
  last: Type.Optional(Type.String({ pattern: '^[0-9]{1,4}$', description: 'In place of after: the newest so many.' })),
  limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,4}$', description: '1 to 1000; 100 when absent.' })),
  status: Type.Optional(Type.String({ maxLength: 10, description: 'Only these.', examples: ['4xx', '5xx', '404'] })),
  waitSeconds: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,2}$',
      description: '0 to 25: how long to wait if there is nothing; 0 when absent.',
    }),
  ),
})

export type RequestsAsked = Omit<RequestsWanted, 'merchantId' | 'after'> &
  Readonly<{ from: { after: number } | 'latest' | 'newest'; waitMs: number }>

/** Refuses invalid_request. */
export function requestsAskedFromWire(query: Static<typeof ListRequestsQuery>): RequestsAsked {
  const { after, last } = query
  if (after !== undefined && last !== undefined)
    throw invalid({ pointer: '?last', code: 'one_of', message: 'does not go with after' })
  const within = (name: 'last' | 'limit' | 'waitSeconds', absent: number, least: number, most: number): number => {
    const value = Number(query[name] ?? absent)
    if (value >= least && value <= most) return value
    throw invalid({ pointer: `?${name}`, code: 'range', message: `must be from ${least} to ${most}` })
  }
  return {
    from: last !== undefined ? 'newest' : after === 'latest' ? after : { after: Number(after ?? 0) },
    limit: last === undefined ? within('limit', 100, 1, 1_000) : within('last', 0, 1, 1_000),
    statuses: statusesFrom(query.status),
    waitMs: within('waitSeconds', 0, 0, 25) * 1_000,
  }
}

function statusesFrom(text: string | undefined): RequestsWanted['statuses'] {
  if (!text) return null
  const [, hundreds, rest = ''] = /^([1-5])(xx|\d\d)$/i.exec(text) ?? []
  if (!hundreds) throw invalid({ pointer: '?status', code: 'status', message: 'must be like 4xx or 404' })
  const first = Number(hundreds) * 100
  return /^x/i.test(rest) ? [first, first + 99] : [Number(text), Number(text)]
}

export const RequestsPage = Type.Object(
  {
    data: Type.Array(RequestWire),
    hasMore: Type.Boolean({ description: 'Ask again at once. A page may be empty and more may come all the same.' }),
    nextCursor: Type.String({ description: 'The `after` of the next call, always.' }),
  },
  { title: 'RequestsPage' },
)

export const requestsToWire = ({ requests, hasMore, seenTo }: RequestPage): Static<typeof RequestsPage> => ({
  data: requests.map(requestToWire),
  ...{ hasMore, nextCursor: String(seenTo) },
})
