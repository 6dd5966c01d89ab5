import { createHash } from 'node:crypto'
import type { Client, Sent } from './client.ts'
import { RialtoError } from './errors.ts'
import type { HttpAnswer } from './http.ts'

/**
 * Makes a payment, a credit or a refund, once. Every attempt carries the same request key, and the same Idempotency-Key
 * made of it: an answer that was lost is given again. What is thrown names the request key.
 */
export async function create(
  { machine, send, read }: Client,
  route: string,
  requestKey: string,
  sent: Sent,
): Promise<unknown> {
  const ask = (key: string) => send(route, { ...sent, headers: { 'idempotency-key': key }, repeatable: true })
  try {
    const answer = await ask(idempotencyKey(requestKey))
    return read(isOldNo(answer) ? await ask(machine.newKey()) : answer)
  } catch (error) {
    if (error instanceof RialtoError) error.requestKey = requestKey
    throw error
  }
}

/**
 * A refusal of an earlier call, kept for a week: by now the customer may have linked an account, or there may be enough
 * money. Asking anew cannot pay twice, since the request key itself is taken by the first payment that is made with it.
 */
const isOldNo = ({ status, body, header }: HttpAnswer): boolean =>
  (status >= 400 && header('idempotent-replayed') === 'true') ||
  (status === 422 && (body as { errorCode?: string } | undefined)?.errorCode === 'IDEMPOTENCY_KEY_REUSED')

/** A header holds no more than plain characters. */
const idempotencyKey = (requestKey: string): string =>
  /^[\x21-\x7e]{1,255}$/.test(requestKey)
    ? requestKey
    : `sha256-${createHash('sha256').update(requestKey).digest('base64url')}`
