import { RialtoError } from './errors.ts'
import type { RialtoEvent } from './event.ts'
import { machine } from './machine.ts'
import { type Family, families, isSigned } from './signature.ts'

export type WebhookRefusal = 'missing_headers' | 'no_match' | 'too_old' | 'too_new' | 'body_was_parsed' | 'not_json'

/** The delivery is not to be believed. Answer 400, and do nothing of what it says. */
export class WebhookVerificationError extends RialtoError {
  override name = 'WebhookVerificationError'
  readonly code: WebhookRefusal
  constructor(code: WebhookRefusal, message: string) {
    super(message)
    this.code = code
  }
}

type HeaderRecord = Readonly<Record<string, string | readonly string[] | undefined>>
export type WebhookHeaders = Headers | HeaderRecord

export type VerifyOptions = Readonly<{
  /** How far the delivery's time may be from ours: above 0, a day at most; 300 when absent. */
  toleranceSeconds?: number | undefined
  /** For tests. */
  now?: (() => Date) | undefined
}>

const longestToleranceSeconds = 24 * 60 * 60

const rawBodyAdvice =
  'Verify the body as it arrived, before anything parses it: in express, express.raw({ type: "application/json" }) on ' +
  'this route makes req.body a Buffer; in fastify, addContentTypeParser("application/json", { parseAs: "buffer" }, ' +
  '(request, body, done) => done(null, body)) does the same for request.body.'

/**
 * The event of a delivery, once it is proven that the platform sent it, lately, and that nobody changed it.
 * `rawBody` is the body as it arrived; `secret` is the secretKey of the subscription, or several while one replaces
 * another. Throws WebhookVerificationError; RialtoError when the secret or the tolerance is not usable.
 */
function verify(
  rawBody: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  options: VerifyOptions = {},
): RialtoEvent {
  const { toleranceSeconds = 300, now = machine.now } = options
  if (!(toleranceSeconds > 0 && toleranceSeconds <= longestToleranceSeconds))
    throw new RialtoError('toleranceSeconds must be above 0 and a day at most: without it, deliveries can be replayed.')
  if (typeof rawBody !== 'string' && !(rawBody instanceof Uint8Array))
    throw new WebhookVerificationError('body_was_parsed', `The body was parsed already. ${rawBodyAdvice}`)

  const header = readerOf(headers)
  const family = families.find(({ signature }) => header(signature) !== undefined)
  if (!family) throw new WebhookVerificationError('missing_headers', 'The delivery is not signed.')
  const { id, timestamp, seconds, signatures } = partsOf(family, header)
  const body = typeof rawBody === 'string' ? new TextEncoder().encode(rawBody) : rawBody
  if (!isSigned(family, secretsOf(family, secret), { id, timestamp, body, signatures }))
    throw new WebhookVerificationError(
      'no_match',
      'The signature is not that of this body with this secret: another secret, or the body was changed on its way.',
    )
  const lateSeconds = now().getTime() / 1000 - seconds
  if (lateSeconds > toleranceSeconds) throw new WebhookVerificationError('too_old', stale('old', toleranceSeconds))
  if (lateSeconds < -toleranceSeconds) throw new WebhookVerificationError('too_new', stale('new', toleranceSeconds))
  return eventOf(body)
}

/** Tells whether a delivery is genuine. Needs no client: `webhooks.verify(rawBody, headers, secret)`. */
export const webhooks = { verify } as const

const stale = (how: string, toleranceSeconds: number) =>
  `The delivery is too ${how}: it was signed more than ${toleranceSeconds} seconds from now by this clock.`

function partsOf(family: Family, header: (name: string) => string | undefined) {
  const [id, timestamp, signatures] = [family.id, family.timestamp, family.signature].map(header)
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/.test(timestamp))
    throw new WebhookVerificationError(
      'missing_headers',
      `A signed delivery has ${family.id}, ${family.timestamp} (in whole seconds) and ${family.signature}.`,
    )
  return { id, timestamp, signatures, seconds: Number(timestamp) }
}

/** Anybody could sign with an empty key. */
function secretsOf({ keyOf }: Family, secret: string | readonly string[]): readonly string[] {
  const secrets = typeof secret === 'string' ? [secret] : secret
  if (!Array.isArray(secrets) || secrets.length === 0) throw new RialtoError('The webhook secret is missing.')
  if (secrets.some((one) => typeof one !== 'string' || one === '' || keyOf(one).length === 0))
    throw new RialtoError('The webhook secret is empty.')
  return secrets
}

/** Header names have no case. Several lines of one header are one, as signatures are: with spaces between. */
function readerOf(headers: WebhookHeaders): (name: string) => string | undefined {
  if (isHeaders(headers)) return (name) => headers.get(name) ?? undefined
  const lines = new Map<string, string>()
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) lines.set(name.toLowerCase(), typeof value === 'string' ? value : value.join(' '))
  return (name) => lines.get(name)
}

const isHeaders = (headers: WebhookHeaders): headers is Headers => typeof headers.get === 'function'

function eventOf(body: Uint8Array): RialtoEvent {
  try {
    const said: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    if (typeof said === 'object' && said !== null && 'eventType' in said && typeof said.eventType === 'string')
      return said as RialtoEvent
  } catch {
    // Said below, with what is JSON and no event.
  }
  throw new WebhookVerificationError('not_json', 'The body is signed, but it is not the JSON of an event.')
}
