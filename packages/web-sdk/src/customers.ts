import { addressOf } from './platform.ts'

export type LinkAccount = {
  accountId?: string
  financialInstitutionId?: number
  financialInstitutionName: string
  logoUrl?: string
  iconUrl?: string
  lastFour: string
  type: 'checking' | 'savings'
  status: 'ACTIVE' | 'INACTIVE' | 'ABANDON' | 'CREATED'
  preferred: boolean
  routingNumber?: string
  creationDate: string
}

export type LinkCustomer = {
  id: string
  firstName: string
  lastName: string
  email: string
  status: 'CREATED' | 'ACTIVE' | 'INACTIVE'
  /** The preferred account; absent before the customer has linked one. */
  accountDetails?: LinkAccount
  creationDate: string
}

export type LinkAccounts = { id: string; customerId: string; accountDetails: LinkAccount[] }

/** The platform said no, or could not be reached: `status` 0 means that no answer came. */
export class LinkError extends Error {
  override readonly name = 'LinkError'
  readonly status: number
  readonly errorCode: string | undefined
  readonly requestId: string | undefined
  constructor(message: string, status: number, body: Wire = {}, cause?: unknown) {
    super(message, { cause })
    this.status = status
    this.errorCode = body.errorCode as string | undefined
    this.requestId = body.requestId as string | undefined
  }
}

type Wire = Readonly<Record<string, unknown>>

const ourName: Readonly<Record<string, string>> = {
  customerStatus: 'status',
  accountStatus: 'status',
  accountLastFourDigits: 'lastFour',
  accountType: 'type',
}

/** The wire's object with the SDK's shorter names. Members that the SDK does not know are kept. */
function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [ourName[name] ?? name, renamed(inner)]))
}

/**
 * Reads from `/v1/customers/{id}`. Refuses an id that is not 36 characters long before anything is sent,
 * and rejects with a LinkError when the platform refuses or does not answer within 30 seconds.
 */
export async function readCustomer<T>(call: string, token: string, customerId: string, below = ''): Promise<T> {
  if (typeof token !== 'string' || token === '')
    throw new TypeError(`Link.${call}: the first argument must be an access token with the scope Link-Core.`)
  if (typeof customerId !== 'string' || customerId.length !== 36)
    throw new TypeError(
      `Link.${call}: the second argument must be a customerId of 36 characters, as it came with the redirect.`,
    )
  const url = `${addressOf('baseUrl')}/v1/customers/${encodeURIComponent(customerId)}${below}`
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    credentials: 'omit',
    signal: AbortSignal.timeout(30_000),
  }).catch((cause: unknown) => {
    throw new LinkError(`Link.${call}: no answer from ${url}.`, 0, {}, cause)
  })
  const body: Wire | undefined = await answer.json().catch(() => undefined)
  if (answer.ok && body) return renamed(body) as T
  throw new LinkError(
    `Link.${call}: ${body?.errorMessage ?? 'the answer was not JSON'} (HTTP ${answer.status})`,
    answer.status,
    body,
  )
}
