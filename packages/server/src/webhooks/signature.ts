import { createHmac } from 'node:crypto'

/**
 * Both families of signatures, over the body byte for byte as it is sent: Standard Webhooks, and the form in which the
 * reference product is seen to sign. The signed text is id.timestamp.body: signing the body alone would let it be
 * replayed. Several secrets, the newest first, while one replaces another: the standard form holds a signature by each,
 * the other has room for one, and keeps to the oldest until it expires.
 */
export function signatureHeaders(
  secrets: readonly string[],
  message: { id: string; at: Date; body: string },
): Record<string, string> {
  const seconds = Math.floor(message.at.getTime() / 1000).toString()
  const text = `${message.id}.${seconds}.${message.body}`
  return {
    'webhook-id': message.id,
    'webhook-timestamp': seconds,
    'webhook-signature': secrets.map((secret) => `v1,${hmac('sha256', keyOf(secret), text)}`).join(' '),
    'x-signature-uniqueid': message.id,
    'x-signature-timestamp': seconds,
    'x-signature': hmac('sha512', secrets.at(-1) ?? '', text),
  }
}

const hmac = (algorithm: 'sha256' | 'sha512', key: string | Buffer, text: string): string =>
  createHmac(algorithm, key).update(text).digest('base64')

/** Standard Webhooks writes a key as whsec_ and base64; any other secret is its own bytes. */
const keyOf = (secret: string): string | Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret
