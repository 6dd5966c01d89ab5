import type { CallOptions, Client, Sent } from './client.ts'
import { create } from './creation.ts'
import type { Operations } from './generated/api.generated.ts'

/** A call of the API, as its reference writes it: `GET /v1/payments/{id}`. */
export type Route = keyof Operations
export type Answer<R extends Route> = Operations[R]['answer']
type Members<R extends Route> = Omit<Operations[R], 'answer'> & CallOptions
/** What a call is given; nothing, when it needs nothing. */
export type Given<R extends Route> =
  Record<never, never> extends Members<R> ? [given?: Members<R>] : [given: Members<R>]

/** Any call of the API, with the types that its reference gives it. */
export type Call = <R extends Route>(route: R, ...given: Given<R>) => Promise<Answer<R>>

/** A call that the printed types do not know. Whoever writes it says what it answers. */
export type Ask = <T>(route: string, sent?: Sent) => Promise<T>

/** These may be sent twice: the second time nothing more happens, or, with sessions, nothing that is ever seen. */
const repeatablePosts: readonly string[] = [
  'POST /v1/sessions',
  'POST /v1/payments/{id}/cancel',
  'POST /v1/payments/{id}/release',
] satisfies Route[]

/** Calls by their route. What makes payments is made once, however often it has to be sent. */
export function askOf(client: Client): Ask {
  return async <T>(route: string, sent: Sent = {}) => {
    const { requestKey } = (sent.body ?? {}) as { requestKey?: unknown }
    if ((route === 'POST /v1/payments' || route === 'POST /v1/refunds') && typeof requestKey === 'string')
      return (await create(client, route, requestKey, sent)) as T
    const repeatable = !route.startsWith('POST ') || repeatablePosts.includes(route)
    return client.read(await client.send(route, { repeatable, ...sent })) as T
  }
}
