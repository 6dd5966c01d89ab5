import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * The two families in which every delivery is signed: Standard Webhooks, and the form that the reference product is
 * seen to send. Both sign id.timestamp.body, byte for byte as it was sent.
 */
export type Family = Readonly<{
  id: string
  timestamp: string
  signature: string
  /** What is written before each signature. */
  prefix: string
  algorithm: 'sha256' | 'sha512'
  keyOf: (secret: string) => Buffer
}>

const standard: Family = {
  id: 'webhook-id',
  timestamp: 'webhook-timestamp',
  signature: 'webhook-signature',
  prefix: 'v1,',
  algorithm: 'sha256',
  keyOf: (secret) =>
    secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret),
}

const reference: Family = {
  id: 'x-signature-uniqueid',
  timestamp: 'x-signature-timestamp',
  signature: 'x-signature',
  prefix: '',
  algorithm: 'sha512',
  keyOf: (secret) => Buffer.from(secret),
}

/** The first one that a delivery has decides; the other one is for old code. */
export const families: readonly Family[] = [standard, reference]

/** While one secret replaces another there are two signatures. Nobody sends more than this. */
const mostSignatures = 16

/** Whether any of the signatures was made with any of the secrets. A near miss takes as long as a far one. */
export function isSigned(
  { prefix, algorithm, keyOf }: Family,
  secrets: readonly string[],
  said: Readonly<{ id: string; timestamp: string; body: Uint8Array; signatures: string }>,
): boolean {
  const given = said.signatures
    .split(' ')
    .slice(0, mostSignatures)
    .filter((one) => one.startsWith(prefix))
    .map((one) => Buffer.from(one.slice(prefix.length)))
  return secrets.some((secret) => {
    const hmac = createHmac(algorithm, keyOf(secret)).update(`${said.id}.${said.timestamp}.`).update(said.body)
    const right = Buffer.from(hmac.digest('base64'))
    return given.some((one) => one.length === right.length && timingSafeEqual(one, right))
  })
}
