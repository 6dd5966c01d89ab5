import { Rialto, RialtoApiError, type RialtoError } from '@rialto/node-sdk'

type Settings = Readonly<{ apiUrl: string; clientId: string; clientSecret: string }>

/** A customer waits for the page meanwhile, so nothing is waited for longer than this, twice. */
const patienceMs = 10_000

/** The merchant's side of the platform's API. The credentials and the token stay in it. */
export const openPlatform = ({ apiUrl, clientId, clientSecret }: Settings, now: () => number): Rialto =>
  new Rialto(
    { baseUrl: apiUrl, clientId, clientSecret, timeoutMs: patienceMs, maxRetries: 1 },
    { now: () => new Date(now()) },
  )

/** For the log: what the platform said, or that it said nothing. */
export const whyOf = (error: RialtoError): string =>
  error instanceof RialtoApiError ? `${error.status} ${error.errorCode} ${error.requestId ?? ''}`.trim() : error.message

/** Whether the platform does not know what was asked about. */
export const isUnknown = (error: unknown): boolean => error instanceof RialtoApiError && error.status === 404
