import { setTimeout as sleep } from 'node:timers/promises'
import { Rialto, RialtoApiError, RialtoConnectionError, type RialtoOptions } from '@rialto/node-sdk'
import type { Credentials } from './credentials.ts'
import type { DeveloperTools } from './tools.ts'

/** However long nobody answered, whoever follows looks again after this. */
const longestRestMs = 5_000

export type Connection = Readonly<{
  rialto: Rialto
  credentials: Credentials
  /** Tells the developer that nobody answers, once; and, when somebody does again, that as well. */
  lost: (error: RialtoApiError | RialtoConnectionError) => void
}>

/** No more than the command needs. */
export type Needs = Readonly<{ scope?: NonNullable<RialtoOptions['scope']>; timeoutMs?: number }>

/** Nothing is asked of the API before the first call. */
export function connect(
  { terminal, now, lent = {} }: Pick<DeveloperTools, 'terminal' | 'now' | 'lent'>,
  credentials: Credentials,
  { scope = 'Link-Core', timeoutMs }: Needs = {},
): Connection {
  const { apiUrl, clientId, clientSecret } = credentials
  let isLost = false
  const watched: RialtoOptions['fetch'] = async (url, init) => {
    const answer = await fetch(url, init)
    if (isLost && answer.ok) {
      isLost = false
      terminal.note(`${apiUrl} answers again.`)
    }
    return answer
  }
  const machine = {
    now,
    sleep: (ms: number, signal?: AbortSignal) =>
      sleep(Math.min(ms, longestRestMs), undefined, signal ? { signal } : {}),
    ...lent,
  }
  return {
    rialto: new Rialto({ baseUrl: apiUrl, clientId, clientSecret, scope, timeoutMs, fetch: watched }, machine),
    credentials,
    lost(error) {
      if (!isLost) terminal.note(`${error.message} Waiting for it; nothing is lost.`)
      isLost = true
    },
  }
}

/** What a person can do with what was thrown; undefined: it is not about the API. */
export function wordsFor(error: unknown, { apiUrl, from }: Credentials): string | undefined {
  if (error instanceof RialtoConnectionError)
    return `${error.message}\n  Is it running? The address comes from ${from}.`
  if (!(error instanceof RialtoApiError)) return undefined
  const { errorCode, message, errors, possible, requestId, docs, status } = error
  return [
    `${errorCode}: ${message}`,
    // The first one is in the message.
    ...errors.slice(1).map((fault) => `  ${fault.pointer} ${fault.message}`),
    ...(possible.length > 0 ? [`  Possible: ${possible.join('; ')}`] : []),
    ...(status === 401 ? [`  ${apiUrl} does not take the credentials, which come from ${from}.`] : []),
    ...(requestId ? [`  request ${requestId}`] : []),
    ...(docs ? [`  ${docs}`] : []),
  ].join('\n')
}
