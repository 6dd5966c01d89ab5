const longest = 2_000

/** Whether a host is this machine. Names that merely begin or end so are not. */
const isLocal = (url: URL): boolean => url.hostname === 'localhost' || url.hostname === '127.0.0.1'

/** Scheme, host with port, path, and the rest: nothing that browsers, proxies and servers could read differently. */
const shape = /^https?:\/\/([^/?#\\@%]+)([^?#\\]*)([?#][^\\]*)?$/i
const plain = /^[\x21-\x7e]+$/
const escapedSeparator = /%(2e|2f|5c)/i

/**
 * An address a customer's browser may be sent to, or undefined. User names, backslashes, white space, control
 * characters, letters beyond ASCII, hosts with a dot at the end and paths that a browser would rewrite are none.
 */
function readAddress(text: string): URL | undefined {
  if (text.length > longest || !plain.test(text)) return undefined
  const parts = shape.exec(text)
  const url = URL.parse(text)
  if (!parts || !url) return undefined
  const path = parts[2] ?? ''
  if (url.hostname.endsWith('.') || url.pathname !== (path || '/') || escapedSeparator.test(path)) return undefined
  return url
}

/** What is compared: the query is the merchant's own, and a fragment never reaches a server. */
const place = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`

/**
 * Why an address may not be put on a merchant's list; undefined: it may. It is absolute, without a fragment, and https,
 * except on this machine where `localRedirects` allows that.
 */
export function whyNotRedirect(localRedirects: boolean, text: string): string | undefined {
  const url = readAddress(text)
  if (!url) return 'must be an absolute https address in plain characters, without a user name'
  if (text.includes('#')) return 'must not have a fragment'
  if (url.protocol === 'http:' && !(localRedirects && isLocal(url))) return 'must be https'
  return undefined
}

/**
 * Whether a customer may be sent to an address: scheme, host, port and path are exactly those of one on the list. The
 * query is free. On a developer's laptop (`localRedirects`), any port and path of this machine will do.
 */
export function redirectAllowed(list: readonly string[], localRedirects: boolean, text: string): boolean {
  const url = readAddress(text)
  if (!url || text.includes('#')) return false
  if (localRedirects && url.protocol === 'http:' && isLocal(url)) return true
  return list.some((listed) => {
    const allowed = readAddress(listed)
    return allowed !== undefined && place(allowed) === place(url)
  })
}
