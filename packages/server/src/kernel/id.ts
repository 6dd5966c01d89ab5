declare const kind: unique symbol
/** A UUIDv7 that remembers what it names: a PaymentId is not a MerchantId, though both are strings. */
export type Id<K extends string> = string & { readonly [kind]: K }

export type MerchantId = Id<'merchant'>
export type ApiClientId = Id<'apiClient'>
export type SessionId = Id<'session'>
export type CustomerId = Id<'customer'>
export type AccountId = Id<'account'>
export type LinkId = Id<'link'>
export type MandateId = Id<'mandate'>
export type PaymentId = Id<'payment'>

export type NewId = <K extends string>() => Id<K>

const counterCeiling = 2 ** 48

/**
 * Makes UUIDv7s from a lent clock and lent randomness. Each is greater than the one before, also within a millisecond
 * and when the clock is set back: rows arrive at the right-hand edge of every index, in the order in which they were
 * named.
 */
export function idMaker(now: () => Date, random: (bytes: number) => Uint8Array): NewId {
  let pool = Buffer.alloc(0)
  let used = 0
  let at = 0
  let head = Buffer.alloc(4)
  let counter = 0
  /** Random bytes are drawn in bulk: an id costs no system call. */
  const draw = (bytes: number): Buffer => {
    if (used + bytes > pool.length) {
      pool = Buffer.from(random(8_192))
      used = 0
    }
    used += bytes
    return pool.subarray(used - bytes, used)
  }
  const begin = (ms: number) => {
    at = ms
    head = Buffer.from(draw(4))
    counter = draw(6).readUIntBE(0, 6) % (counterCeiling / 2)
  }
  return <K extends string>() => {
    const ms = now().getTime()
    if (ms > at) begin(ms)
    else counter += 1 + draw(2).readUInt16BE(0)
    if (counter >= counterCeiling) begin(at + 1)
    const bytes = Buffer.alloc(16)
    bytes.writeUIntBE(at, 0, 6)
    head.copy(bytes, 6)
    bytes.writeUIntBE(counter, 10, 6)
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70 // version 7
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80 // variant
    const hex = bytes.toString('hex')
    const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
    return parts.join('-') as Id<K>
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Whether a text from outside has the shape of an id. What has not cannot name anything, and is never asked of the
 * database.
 */
export const looksLikeId = (text: string): boolean => uuid.test(text)
