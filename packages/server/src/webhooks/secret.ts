const prefix = 'whsec_'
const shortest = 8
const longest = 512
/** Below this many characters a secret is taken, because merchants come with the ones they have. */
const recommended = 24
/** What Standard Webhooks asks of a key. */
const keyBytes = { least: 24, most: 64 } as const

/**
 * What is wrong with a secret that a merchant chose, as the end of a sentence. Undefined: it can be used. It is used
 * byte for byte as it was given, so that nothing is trimmed from it.
 */
export function faultOf(secret: string): string | undefined {
  if (secret.length < shortest)
    return `must have at least ${shortest} characters; ${recommended} or more are recommended`
  if (secret.length > longest) return `must have at most ${longest} characters`
  if (!secret.startsWith(prefix)) return undefined
  const base64 = secret.slice(prefix.length)
  const key = Buffer.from(base64, 'base64')
  const isKey = key.toString('base64') === base64 && key.length >= keyBytes.least && key.length <= keyBytes.most
  return isKey ? undefined : `must be base64 of ${keyBytes.least} to ${keyBytes.most} bytes after ${prefix}`
}

/** Whoever has a delivery and its signature can try secrets against them. */
export const isShort = (secret: string): boolean => secret.length < recommended

/** As Standard Webhooks writes one. `bytes`: unguessable, 32 of them. */
export const secretOf = (bytes: Buffer): string => `${prefix}${bytes.toString('base64')}`
