import { isIP } from 'node:net'
import { readAllowed, whyRefused } from './public-address.ts'

const longest = 2_000
const hostName = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/

/** What a call needs to know of a URL. `host` is a name or an IP address, without brackets or a dot at the end. */
export type Target = Readonly<{ secure: boolean; host: string; port: number; origin: string; path: string }>

/** Reads an address as a browser would, so that every notation of a host becomes one. Undefined: none to call. */
export function readTarget(text: string): Target | undefined {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  const host = url.hostname.replace(/^\[(.*)\]$|\.$/, '$1')
  if (isIP(host) === 0 && !hostName.test(host)) return undefined
  const secure = url.protocol === 'https:'
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}${url.port && `:${url.port}`}`
  return {
    secure,
    host,
    port: Number(url.port || (secure ? 443 : 80)),
    origin: `${url.protocol}//${authority}`,
    path: `${url.pathname}${url.search}`,
  }
}

/** Names that mean this machine, whatever a resolver says (RFC 6761). */
export const isThisMachine = (host: string): boolean => /(^|\.)localhost$/.test(host)

/** Names that only mean something inside a network, or nothing at all. */
const isInner = (host: string): boolean => isIP(host) === 0 && /(^[^.]+|\.(internal|local|home\.arpa))$/.test(host)

/** `allow`: ranges that may be called although they are not public. `allowHttp`: the address need not be https. */
export type EndpointRules = Readonly<{ allow: readonly string[]; allowHttp: boolean }>

/**
 * Reads the address of an endpoint when it is registered: the address as it will be called, or a sentence that says
 * what to do. A courtesy to whoever types it: what keeps calls out of private networks is the check at connect.
 */
export function checkEndpointUrl(text: string, rules: EndpointRules): { url: string } | { problem: string } {
  if (text.length > longest) return { problem: `Use an address of at most ${longest} characters.` }
  const url = URL.parse(text)
  const target = readTarget(text)
  if (!url || !target) return { problem: 'Use a complete web address, such as https://shop.example/webhooks.' }
  if (!target.secure && !rules.allowHttp) return { problem: 'Use an address that begins with https://.' }
  if (url.username || url.password)
    return { problem: 'Leave the user name and password out of the address. Every call is signed instead.' }
  if (text.includes('#')) return { problem: 'Leave out the part from # on. It is never sent.' }
  const inner = whyInner(target.host, rules.allow)
  if (inner) return { problem: `${target.host} is ${inner}. Use an address that the public internet reaches.` }
  const href = `${target.origin}${target.path}`
  return href.length > longest ? { problem: `Use an address of at most ${longest} characters.` } : { url: href }
}

function whyInner(host: string, allow: readonly string[]): string | undefined {
  const allowed = readAllowed(allow)
  if (isThisMachine(host)) return whyRefused('127.0.0.1', allowed) ?? whyRefused('::1', allowed)
  // Where private ranges may be called, such a name may well lead into one.
  if (isInner(host)) return allowed.length > 0 ? undefined : 'a name of a private network'
  return isIP(host) === 0 ? undefined : whyRefused(host, allowed)
}
