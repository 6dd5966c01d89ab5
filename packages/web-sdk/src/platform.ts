/** Where the platform is. The server that hands out this file writes its own addresses over these two strings. */
const builtIn = { baseUrl: '__RIALTO_API_URL__', clientUrl: '__RIALTO_CLIENT_URL__' }

export type Addresses = {
  /** Origin of the platform's API, for example `https://api.pay.example`. Used by getCustomer() and getAccounts(). */
  baseUrl?: string
  /** Origin of the hosted linking flow, for example `https://link.pay.example`. Used by action(). */
  clientUrl?: string
}

// A page speaks to one platform; this is its address book.
let addresses: { baseUrl: string; clientUrl: string } = builtIn

function isWebUrl(text: unknown): text is string {
  try {
    return typeof text === 'string' && /^https?:$/.test(new URL(text).protocol)
  } catch {
    return false
  }
}

/** Refuses anything but an absolute http or https URL, so that no `javascript:` address is ever navigated to. */
export function webUrl(name: string, text: unknown): string {
  if (isWebUrl(text)) return text
  throw new TypeError(`Link: ${name} must be an absolute http or https URL, but it is ${JSON.stringify(text)}.`)
}

/** Remembers where the platform is. What is left out stays as it was. Refuses anything but absolute web URLs. */
export function setAddresses(given: Addresses): void {
  const next = { ...addresses }
  for (const name of ['baseUrl', 'clientUrl'] as const)
    if (given[name] !== undefined) next[name] = webUrl(name, given[name])
  addresses = next
}

/** The address of the API or of the hosted flow, without a slash at its end. Refuses when nobody has said it. */
export function addressOf(name: 'baseUrl' | 'clientUrl'): string {
  const address = addresses[name]
  if (isWebUrl(address)) return address.replace(/\/+$/, '')
  throw new Error(
    `Link: ${name} is not known. This copy of the SDK did not come from a Rialto server, so say where yours is: ` +
      `Link.configure({ baseUrl: 'https://<your API>', clientUrl: 'https://<your hosted flow>' }).`,
  )
}
