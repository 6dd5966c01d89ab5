import { world } from './journey.ts'
import { keepSecret } from './secrets.ts'

/** What the merchant's backend does: it speaks to the platform with its credentials. */

type Rule = { rule: string; outcome: 'passed' | 'failed' | 'not_reached' }
export type PaymentAnswer = {
  paymentId: string
  paymentStatus: string
  errorDetails?: { errorCode: string; errorMessage: string }
  accountDetails: { financialInstitutionName: string; accountLastFourDigits: string }
  lifecycle: { status: string }[]
  decision: { outcome: string; rules: Rule[] } | null
}

export async function accessToken(scope: string): Promise<string> {
  const { id, secret } = world.credentials
  const form = { client_id: id, client_secret: secret, grant_type: 'client_credentials', scope }
  const answer = await fetch(`${world.api}/v1/tokens`, { method: 'POST', body: new URLSearchParams(form) })
  const { access_token: token } = await read<{ access_token: string }>(answer)
  keepSecret(world, token)
  return token
}

let people = 0

/** Somebody the platform has not met. */
export const somebody = () => {
  people += 1
  return { firstName: 'Wilhelmina', lastName: 'Quill', email: `w.quill.${process.pid}.${people}@shop.example` }
}

export async function openSession(person = somebody()): Promise<string> {
  const { sessionKey } = await call<{ sessionKey: string }>('/v1/sessions', person)
  return sessionKey
}

/** The accounts this customer has linked. */
export async function accountsOf(customerId: string): Promise<unknown[]> {
  return (await call<{ accountDetails: unknown[] }>(`/v1/customers/${customerId}/accounts`)).accountDetails
}

/** The newest payment for an order of the shop, with the decision about it. */
export async function paymentFor(order: string): Promise<PaymentAnswer> {
  const { data } = await call<{ data: { paymentId: string }[] }>(`/v1/payments?clientReferenceId=${order}`)
  const [newest] = data
  if (!newest) throw new Error(`There is no payment for ${order}.`)
  return call<PaymentAnswer>(`/v1/payments/${newest.paymentId}`)
}

async function call<Answer>(path: string, body?: unknown): Promise<Answer> {
  const headers = { authorization: `Bearer ${await accessToken('Link-Core Link-Payment')}` }
  const post = { method: 'POST', body: JSON.stringify(body) }
  const json = { 'content-type': 'application/json' }
  const init = body === undefined ? { headers } : { ...post, headers: { ...headers, ...json } }
  return read<Answer>(await fetch(world.api + path, init))
}

async function read<Answer>(answer: Response): Promise<Answer> {
  if (answer.ok) return (await answer.json()) as Answer
  throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`)
}
