import { type Addresses, webUrl } from './platform.ts'

export type LinkEnvironment = 'sandbox' | 'production'

export type LinkOptions = Addresses & {
  /** The key your backend got from `POST /v1/sessions`. Required unless `sessionUrl` is given. */
  sessionKey?: string
  /** Where the customer comes back to; must be on your approved list. Your own query string is kept. */
  redirect?: string
  environment?: LinkEnvironment
  /** Handed to the hosted flow as it is; an object is sent as JSON. */
  custom?: string | Readonly<Record<string, unknown>>
  /** The address your backend got from `POST /v2/sessions`. */
  sessionUrl?: string
  sessionVersion?: 1 | 2
}

const known = [
  'sessionKey',
  'redirect',
  'environment',
  'custom',
  'sessionUrl',
  'sessionVersion',
  'baseUrl',
  'clientUrl',
] as const satisfies readonly (keyof LinkOptions)[]

const refuse = (why: string): never => {
  throw new TypeError(`Link.LinkInstance: ${why}`)
}

/** Returns the options as they are, or throws a TypeError that names the option and its repair. */
export function checkOptions(given: LinkOptions): LinkOptions {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return refuse('pass one object, such as { sessionKey, redirect, environment }.')

  for (const [name, value] of Object.entries(given)) {
    if (!(known as readonly string[]).includes(name))
      refuse(`'${name}' is not an option. The options are ${known.join(', ')}.`)
    if (value === undefined || value === null) refuse(`${name} is ${value}. Leave it out or give it a value.`)
  }

  const { sessionKey, redirect, environment, custom, sessionUrl, sessionVersion } = given
  if (sessionVersion !== undefined && sessionVersion !== 1 && sessionVersion !== 2)
    refuse(`sessionVersion must be the number 1 or 2, but it is ${JSON.stringify(sessionVersion)}.`)

  if (sessionVersion === 2 || (sessionUrl !== undefined && sessionVersion !== 1)) {
    if (sessionUrl === undefined) refuse('sessionUrl is required with sessionVersion 2. POST /v2/sessions returns it.')
    webUrl('sessionUrl', sessionUrl)
  } else if (sessionKey === undefined) refuse('sessionKey is required. Your backend gets one from POST /v1/sessions.')

  if (sessionKey !== undefined && (typeof sessionKey !== 'string' || sessionKey === ''))
    refuse('sessionKey must be the text that POST /v1/sessions returned.')
  if (redirect !== undefined) webUrl('redirect', redirect)
  if (environment !== undefined && !(typeof environment === 'string' && /^(sandbox|production)$/i.test(environment)))
    refuse(`environment must be 'sandbox' or 'production', but it is ${JSON.stringify(environment)}.`)
  if (custom !== undefined && typeof custom !== 'string' && typeof custom !== 'object')
    refuse('custom must be text or an object.')
  return given
}
