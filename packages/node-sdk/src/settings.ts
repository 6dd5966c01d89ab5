import { RialtoError } from './errors.ts'
import type { Fetch } from './http.ts'

export type RialtoOptions = Readonly<{
  /** The platform's API, such as https://api.pay.example. */
  baseUrl: string
  clientId: string
  /** Stays on your server: not in a browser, an app or a repository. */
  clientSecret: string
  /** What the access token is for; both scopes when absent. */
  scope?: 'Link-Core' | 'Link-Payment' | 'Link-Core Link-Payment' | undefined
  /** In place of the machine's own fetch, for a proxy or for measuring. */
  fetch?: Fetch | undefined
  /** How long one attempt may take; 30,000 when absent. */
  timeoutMs?: number | undefined
  /** How often a call is tried again; 2 when absent, 10 at most. */
  maxRetries?: number | undefined
}>

export type Settings = Readonly<{
  baseUrl: string
  clientId: string
  clientSecret: string
  scope: string
  fetch: Fetch
  timeoutMs: number
  maxRetries: number
}>

/** Refuses what is missing or out of its range, by its name, never by its value where that is secret. */
export function settingsOf(options: RialtoOptions): Settings {
  const { clientId, clientSecret, timeoutMs = 30_000, maxRetries = 2, scope = 'Link-Core Link-Payment' } = options
  const baseUrl = String(options.baseUrl ?? '').replace(/\/+$/, '')
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol))
    throw new RialtoError('baseUrl must be the absolute address of the API, such as https://api.pay.example.')
  if (/[?#@]/.test(baseUrl)) throw new RialtoError('baseUrl must not hold credentials, a query or a fragment.')
  if (!clientId) throw new RialtoError('clientId is missing.')
  if (!clientSecret) throw new RialtoError('clientSecret is missing.')
  if (!(timeoutMs >= 1 && timeoutMs <= 600_000)) throw new RialtoError('timeoutMs must be from 1 to 600,000.')
  if (!Number.isInteger(maxRetries) || maxRetries < 0 || maxRetries > 10)
    throw new RialtoError('maxRetries must be a whole number from 0 to 10.')
  return { baseUrl, clientId, clientSecret, scope, timeoutMs, maxRetries, fetch: options.fetch ?? fetch }
}
