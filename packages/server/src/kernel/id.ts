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
export type EventId = Id<'event'>

export type NewId = <K extends string>() => Id<K>

/** Time-ordered, so rows arrive at the right-hand edge of every index. Ten random bytes are used. */
export function uuidv7At(now: number, random: Uint8Array): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes.set(random.subarray(0, 10), 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70 // version 7
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80 // variant
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a text from outside has the shape of an id. What has not cannot name anything, and is never asked of the database. */
export const looksLikeId = (text: string): boolean => uuid.test(text)
