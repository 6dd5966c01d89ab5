const longest = 2_000

/** Whether a host is this machine. Names that merely begin or end so are not. */
const isLocal = (url: URL): boolean => url.hostname === 'localhost' || url.hostname === '127.0.0.1'

/**
 * An address a customer's browser may be sent to, or undefined. What two readers could read differently (a browser, a
 * proxy, the merchant's server) is no address here: user names, backslashes, white space, control characters, hosts
 * with a dot at the end, escaped slashes or dots in the path.
 */
function readAddress(text: string): URL | undefined {
  if (text.length > longest || !/^https?:\/\/[^\s\\@]+$/i.test(text)) return undefined
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0020\u007f-\uffff]/.test(text) || /%(2e|2f|5c|0|1|7f)/i.test(text)) return undefined
  const url = URL.parse(text)
  if (!url || url.hostname === '' || url.hostname.endsWith('.') || url.username !== '' || url.password !== '')
    return undefined
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
