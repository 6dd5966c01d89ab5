import { payButton } from './button.ts'
import { type LinkAccount, type LinkAccounts, type LinkCustomer, LinkError, readCustomer } from './customers.ts'
import { checkOptions, type LinkEnvironment, type LinkOptions } from './options.ts'
import { type Addresses, addressOf, setAddresses } from './platform.ts'

const version = 'web-v0.1.0'

/** One customer's way into the hosted flow. */
export type LinkInstance = {
  /** Takes the whole page to the hosted flow. The customer comes back to `redirect`. */
  action(): void
  /** The same for an instance made from a `sessionUrl`; on either kind both names work. */
  callSessionUrl(): void
  /** A button that does the same when pressed. Put it where you like. */
  createButton(): HTMLButtonElement
  /** The SDK's version, as the hosted flow hears it: `web-v…`. */
  getVersion(): string
  /** Whether this instance has sent its customer on. */
  isInitiated(): boolean
  getSessionKey(): string | undefined
}

const instances: LinkInstance[] = []

/** The address of the hosted flow for a session key. What the merchant did not set is left out. */
function flowAddress(clientUrl: string, options: LinkOptions): string {
  const url = new URL(`${clientUrl}/`)
  const { sessionKey, redirect, custom, environment } = options
  const query = {
    sessionKey,
    redirect,
    custom: typeof custom === 'object' ? JSON.stringify(custom) : custom,
    environment,
    version,
  }
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}

/**
 * Prepares a customer's way into the hosted flow; nothing is sent until action(), callSessionUrl() or a press.
 * Throws when an option is unknown, null, undefined or of the wrong kind, when neither sessionKey nor sessionUrl is
 * there, and when it is not known where the hosted flow is.
 */
function LinkInstance(given: LinkOptions): LinkInstance {
  const options = { ...checkOptions(given) }
  setAddresses(options)
  const address =
    options.sessionUrl !== undefined && options.sessionVersion !== 1
      ? options.sessionUrl
      : flowAddress(addressOf('clientUrl'), options)
  let initiated = false
  const go = () => {
    initiated = true
    location.assign(address)
  }
  const instance: LinkInstance = {
    action: go,
    callSessionUrl: go,
    createButton: () => payButton(document, go),
    getVersion: () => version,
    isInitiated: () => initiated,
    getSessionKey: () => options.sessionKey,
  }
  instances.push(instance)
  return instance
}

const Link = {
  LinkInstance,
  /** Says where the platform is, when this file did not come from it. Also accepted as options of LinkInstance. */
  configure: (given: Addresses): void => setAddresses(given),
  /** Every instance made on this page, oldest first. */
  getLinkInstances: (): LinkInstance[] => [...instances],
  /** The customer and their preferred account. Needs a Link-Core token, which belongs on your backend. */
  getCustomer: (token: string, customerId: string): Promise<LinkCustomer> =>
    readCustomer('getCustomer', token, customerId),
  /** The customer's linked accounts, preferred first. Needs a Link-Core token, which belongs on your backend. */
  getAccounts: (token: string, customerId: string): Promise<LinkAccounts> =>
    readCustomer('getAccounts', token, customerId, '/accounts'),
}

export default Link
export type { Addresses, LinkAccount, LinkAccounts, LinkCustomer, LinkEnvironment, LinkOptions }
export { LinkError }
