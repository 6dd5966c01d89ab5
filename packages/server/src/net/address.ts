import { isIPv4, isIPv6 } from 'node:net'

/** An IP address as a number. IPv4 inside IPv6 (`::ffff:192.0.2.1`) is the IPv4 address: that is where it leads. */
export type Address = Readonly<{ bits: 32 | 128; value: bigint }>

/** All addresses that begin with the same `prefix` bits as `value`. */
export type AddressRange = Address & Readonly<{ prefix: number }>

const mapped = 0xffffn

/**
 * Reads the notations that a resolver and a socket answer: four decimal numbers, or the groups of IPv6. Others
 * (`127.1`, `0x7f000001`) are none; `new URL` turns those into these. Nor is an address with a zone (`fe80::1%eth0`).
 */
export function readAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { bits: 32, value: numberOf(text.split('.').map(Number), 8n) }
  if (!isIPv6(text) || text.includes('%')) return undefined
  const value = numberOf(groupsOf(text), 16n)
  return value >> 32n === mapped ? lastIPv4(value) : { bits: 128, value }
}

/** The IPv4 address in the last 32 bits, where translations of IPv4 into IPv6 put it. */
export const lastIPv4 = (value: bigint): Address => ({ bits: 32, value: value & 0xffffffffn })

const numberOf = (parts: readonly number[], width: bigint): bigint =>
  parts.reduce((value, part) => (value << width) | BigInt(part), 0n)

function groupsOf(text: string): number[] {
  const [left = [], right] = text.split('::').map((half) => (half === '' ? [] : half.split(':').flatMap(toGroups)))
  return right ? [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right] : left
}

function toGroups(part: string): number[] {
  if (!part.includes('.')) return [Number.parseInt(part, 16)]
  const [a, b, c, d] = part.split('.').map(Number) as [number, number, number, number]
  return [a * 256 + b, c * 256 + d]
}

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address; undefined: it is neither, or has bits set after its prefix. */
export function readRange(text: string): AddressRange | undefined {
  const [, base = '', suffix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const address = readAddress(base)
  if (!address) return undefined
  // A prefix that was written for the IPv6 notation of an IPv4 address counts the 96 bits before it.
  const written = base.includes(':') ? 128 : 32
  const prefix = Number(suffix ?? written) - (written - address.bits)
  if (prefix < 0 || prefix > address.bits) return undefined
  const range = { ...address, prefix }
  return firstOf(range) === address.value ? range : undefined
}

const firstOf = ({ bits, value, prefix }: AddressRange): bigint => {
  const free = BigInt(bits - prefix)
  return (value >> free) << free
}

export const isWithin = ({ bits, value }: Address, range: AddressRange): boolean =>
  bits === range.bits && firstOf({ bits, value, prefix: range.prefix }) === range.value
