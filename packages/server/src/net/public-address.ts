import { type Address, type AddressRange, isWithin, lastIPv4, readAddress, readRange } from './address.ts'

/**
 * Where the public internet is not, and what is there instead. From the special-purpose registries that IANA keeps for
 * RFC 6890 (iana.org/assignments/iana-ipv4-special-registry, iana-ipv6-special-registry) and the registries of
 * multicast addresses. What they call globally reachable and nobody would receive events at (anycast, tunnels) is
 * refused as well.
 */
const special = (
  [
    ['0.0.0.0/8', 'this machine'],
    ['10.0.0.0/8', 'a private network'],
    ['100.64.0.0/10', "a provider's inner network"],
    ['127.0.0.0/8', 'this machine'],
    // Where clouds answer a virtual machine's questions about itself, credentials included.
    ['169.254.0.0/16', 'the link at hand'],
    ['172.16.0.0/12', 'a private network'],
    ['192.0.0.0/24', 'a reserved range'],
    ['192.0.2.0/24', 'a range for documentation'],
    ['192.88.99.0/24', 'a tunnel'],
    ['192.168.0.0/16', 'a private network'],
    ['198.18.0.0/15', 'a range for measuring devices'],
    ['198.51.100.0/24', 'a range for documentation'],
    ['203.0.113.0/24', 'a range for documentation'],
    ['224.0.0.0/4', 'a group of machines'],
    ['240.0.0.0/4', 'a reserved range'],
    // A public address by number, but inside Azure the platform's own: learn.microsoft.com, "IP address 168.63.129.16".
    ['168.63.129.16/32', "a cloud's own service"],
    ['::/128', 'this machine'],
    ['::1/128', 'this machine'],
    ['64:ff9b:1::/48', 'a private network'],
    ['2001::/23', 'a reserved range'],
    ['2001:db8::/32', 'a range for documentation'],
    ['2002::/16', 'a tunnel'],
    ['3fff::/20', 'a range for documentation'],
    ['fc00::/7', 'a private network'],
    ['fe80::/10', 'the link at hand'],
    ['fec0::/10', 'a private network'],
    ['ff00::/8', 'a group of machines'],
  ] as const
).map(([text, what]) => ({ range: rangeOf(text), what }))

/** All that IANA has given out of IPv6 for the public internet (iana.org/assignments/ipv6-address-space). */
const globalIPv6 = rangeOf('2000::/3')

/** How networks without IPv4 reach it (RFC 6052): the IPv4 address stands at the end, and is what is judged. */
const translated = rangeOf('64:ff9b::/96')

function rangeOf(text: string): AddressRange {
  const range = readRange(text)
  if (!range) throw new Error(`${text} is not a range of addresses`)
  return range
}

/** What an address is, if not a place on the public internet: "a private network". Undefined: it is public. */
function whyNotPublic(address: Address): string | undefined {
  if (isWithin(address, translated)) return whyNotPublic(lastIPv4(address.value))
  const found = special.find(({ range }) => isWithin(address, range))
  if (found) return found.what
  return address.bits === 128 && !isWithin(address, globalIPv6) ? 'a reserved range' : undefined
}

/** Ranges that may be called although they are not public, as `readAllowed` made them. */
export type Allowed = readonly AddressRange[]

/** Throws when a text is not a range: an operator's list is read by `parseAllowedAddresses` first. */
export const readAllowed = (ranges: readonly string[]): Allowed => ranges.map(rangeOf)

/** Why an address is not called, in words that follow "is": "a private network". Undefined: it may be called. */
export function whyRefused(text: string, allowed: Allowed): string | undefined {
  const address = readAddress(text)
  if (!address) return 'not an address'
  return allowed.some((range) => isWithin(address, range)) ? undefined : whyNotPublic(address)
}
