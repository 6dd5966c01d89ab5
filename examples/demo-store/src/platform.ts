import { type Cents, toWire } from './money.ts'

/** The platform refused (`status` is its HTTP status), or did not answer (`status` is 0). */
export class PlatformError extends Error {
  readonly status: number
  readonly code: string
  readonly existingPaymentId: string | undefined
  constructor(status: number, code: string, message: string, existingPaymentId?: string) {
    super(message)
    this.name = 'PlatformError'
    this.status = status
    this.code = code
    this.existingPaymentId = existingPaymentId
  }
}

export type BankAccount = { financialInstitutionName: string; accountLastFourDigits: string; accountType: string }
export type BankCustomer = { id: string; email: string; customerStatus: string; accountDetails?: BankAccount }
type Payment = {
  paymentId: string
  paymentStatus: 'AUTHORIZED' | 'PENDING' | 'TERMINAL_FAILED'
  errorDetails?: { errorCode: string; errorMessage: string }
}
export type Transaction = {
  transactionId: string
  transactionStatus: string
  transactionFailureReason?: { code: string; description: string }
}

export type Platform = Readonly<{
  createSession(person: { firstName: string; lastName: string; email: string }): Promise<string>
  getCustomer(customerId: string): Promise<BankCustomer>
  deleteCustomer(customerId: string): Promise<void>
  pay(wish: PaymentWish): Promise<Payment>
  getTransaction(paymentId: string): Promise<Transaction>
}>
type PaymentWish = Readonly<{ customerId: string; amount: Cents; requestKey: string; reference: string }>

type Scope = 'Link-Core' | 'Link-Payment'
type Settings = Readonly<{ apiUrl: string; clientId: string; clientSecret: string; merchantId: string }>
type Answer = { status: number; body: Record<string, unknown> }

const patienceMs = 20_000
const minuteMs = 60_000

/** The merchant's side of the platform's API. The credentials and the tokens never leave this file. */
export function openPlatform(settings: Settings, now: () => number): Platform {
  const tokens = new Map<Scope, { text: Promise<string>; goodUntil: number }>()

  async function send(path: string, init: RequestInit): Promise<Answer> {
    const answer = await fetch(settings.apiUrl + path, { ...init, signal: AbortSignal.timeout(patienceMs) }).catch(
      () => {
        throw new PlatformError(0, 'NO_ANSWER', `No answer from ${settings.apiUrl}`)
      },
    )
    const body = (await answer.json().catch(() => undefined)) as Answer['body'] | undefined
    return { status: answer.status, body: body ?? {} }
  }

  function refuse({ status, body }: Answer): never {
    const { errorCode, error, errorMessage, existingPaymentId } = body as Record<string, string | undefined>
    throw new PlatformError(
      status,
      errorCode ?? error ?? 'UNKNOWN',
      errorMessage ?? 'No reason given',
      existingPaymentId,
    )
  }

  async function fetchToken(scope: Scope, keep: { goodUntil: number }): Promise<string> {
    const form = { client_id: settings.clientId, client_secret: settings.clientSecret }
    const answer = await send('/v1/tokens', {
      method: 'POST',
      body: new URLSearchParams({ ...form, grant_type: 'client_credentials', scope }),
    })
    const { access_token: token, expires_in: seconds } = answer.body
    if (answer.status !== 200 || typeof token !== 'string') return refuse(answer)
    keep.goodUntil = now() + (Number(seconds) || 0) * 1000 - minuteMs
    return token
  }

  /** One token per scope, kept until a minute before it expires; callers that come together share one request. */
  function tokenFor(scope: Scope): Promise<string> {
    const kept = tokens.get(scope)
    if (kept && now() < kept.goodUntil) return kept.text
    const fresh = { text: Promise.resolve(''), goodUntil: Number.POSITIVE_INFINITY }
    fresh.text = fetchToken(scope, fresh)
    tokens.set(scope, fresh)
    fresh.text.catch(() => tokens.get(scope) === fresh && tokens.delete(scope))
    return fresh.text
  }

  async function call<T>(scope: Scope, method: string, path: string, body?: unknown): Promise<T> {
    const attempt = async () => {
      const authorization = `Bearer ${await tokenFor(scope)}`
      if (body === undefined) return send(path, { method, headers: { authorization } })
      const headers = { authorization, 'content-type': 'application/json' }
      return send(path, { method, headers, body: JSON.stringify(body) })
    }
    let answer = await attempt()
    // The platform may revoke a token before its time. A 401 was refused before
    // anything was done, so asking again is safe.
    if (answer.status === 401) {
      tokens.delete(scope)
      answer = await attempt()
    }
    if (answer.status < 200 || answer.status > 299) refuse(answer)
    return answer.body as T
  }

  const customerPath = (id: string) => `/v1/customers/${encodeURIComponent(id)}`
  return {
    async createSession({ firstName, lastName, email }) {
      const wish = { firstName, lastName, email, product: 'PAY' }
      return (await call<{ sessionKey: string }>('Link-Core', 'POST', '/v1/sessions', wish)).sessionKey
    },
    getCustomer: (id) => call('Link-Core', 'GET', customerPath(id)),
    async deleteCustomer(id) {
      await call('Link-Core', 'DELETE', customerPath(id))
    },
    pay: ({ customerId, amount, requestKey, reference }) =>
      call('Link-Payment', 'POST', '/v1/payments', {
        source: { id: customerId, type: 'CUSTOMER' },
        destination: { id: settings.merchantId, type: 'MERCHANT' },
        amount: toWire(amount),
        requestKey,
        clientReferenceId: reference,
        softDescriptor: `NORTHWIND COFFEE ${reference}`,
      }),
    getTransaction: (id) => call('Link-Core', 'GET', `/v1/transactions/${encodeURIComponent(id)}`),
  }
}
