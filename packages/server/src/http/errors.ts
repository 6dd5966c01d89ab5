import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { House } from '../house.ts'
import { Money } from '../kernel/money.ts'
import { Refusal, type RefusalCode, refusals } from '../kernel/refusal.ts'
import type { PaymentStatus } from '../payments/payment.ts'
import { wireStatus } from '../payments/status.wire.ts'

/** One member of a request that is not right. `pointer` is a JSON pointer into the body, or `?name` / `:name`. */
export type Fault = Readonly<{ pointer: string; code: string; message: string }>

/** The body of every 4xx and 5xx. */
export const ErrorWire = Type.Object(
  {
    errorId: Type.Integer(),
    errorCode: Type.String(),
    errorMessage: Type.String(),
    errorSeverity: Type.String(),
    requestId: Type.String(),
    docs: Type.String({ description: 'A page that explains this error.' }),
    existingPaymentId: Type.Optional(Type.String()),
    paymentStatus: Type.Optional(Type.String({ description: 'The state that is in the way.' })),
    possible: Type.Optional(Type.Array(Type.String(), { description: 'What can be done instead.' })),
    refundableAmount: Type.Optional(Type.Object({ value: Type.Number(), currency: Type.String() })),
    errors: Type.Optional(
      Type.Array(Type.Object({ pointer: Type.String(), code: Type.String(), message: Type.String() })),
    ),
  },
  { $id: 'Error', title: 'Error' },
)

/** A refusal of the request's own members, each with its pointer. */
export const invalid = (...errors: Fault[]): Refusal => new Refusal('invalid_request', { errors })

/** The error body for a refusal. Only facts named here reach the caller. */
export function errorBody(house: House, refusal: Refusal, requestId: string) {
  const [, errorCode, errorId, errorMessage, , severity] = refusals[refusal.code] as readonly [
    number,
    string,
    number,
    string,
    string,
    string?,
  ]
  const { errors, existingPaymentId, status, possible, refundable, says } = refusal.facts as PublicFacts
  const first = errors?.[0]
  const more = first ? `${first.pointer || 'The body'} ${first.message}.` : says
  return {
    errorId,
    errorCode,
    errorMessage: more ? `${errorMessage} ${more}` : errorMessage,
    errorSeverity: severity ?? 'ERROR',
    requestId,
    docs: `${house.settings.apiUrl}/docs/errors#${errorCode}`,
    ...(existingPaymentId ? { existingPaymentId } : {}),
    ...(status ? { paymentStatus: wireStatus[status] } : {}),
    ...(possible ? { possible: [...possible] } : {}),
    ...(refundable ? { refundableAmount: Money.toWire(refundable) } : {}),
    ...(errors ? { errors } : {}),
  }
}

/** What a refusal may tell its caller. `says`: a sentence more. */
type PublicFacts = Readonly<{
  errors?: Fault[]
  existingPaymentId?: string
  status?: PaymentStatus
  possible?: readonly string[]
  refundable?: Money
  says?: string
}>

export const statusOf = (code: RefusalCode): number => refusals[code][0]

/** Turns whatever was thrown into words, once. A refusal is shown; a broken promise is logged and hidden. */
export function answerError(house: House) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const refusal = asRefusal(error)
    if (refusal) house.log.info({ requestId: request.id, code: refusal.code, ...publicFacts(refusal) }, 'refused')
    else house.log.error({ requestId: request.id, err: error }, 'broken promise')
    const known = refusal ?? new Refusal('internal')
    if (known.code === 'unauthorized') reply.header('www-authenticate', 'Bearer')
    if (known.code === 'idempotency_running' || known.code === 'too_many_waiting') reply.header('retry-after', '1')
    return reply
      .code(statusOf(known.code))
      .type('application/json')
      .send(errorBody(house, known, request.id))
  }
}

/** What a log line may say of a refusal: names of members, never their values. */
const publicFacts = ({ facts }: Refusal) => ({
  ...(Array.isArray(facts.errors) ? { pointers: (facts.errors as Fault[]).map(({ pointer }) => pointer) } : {}),
  ...(typeof facts.why === 'string' ? { why: facts.why } : {}),
})

function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  const { validation, validationContext, code, statusCode } = error as FastifyError
  if (validation) return invalid(...validation.slice(0, 20).map((fault) => toFault(fault, validationContext ?? 'body')))
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Refusal('payload_too_large')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Refusal('unsupported_media_type')
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return invalid({ pointer: '', code: 'empty', message: 'is empty' })
  if (error instanceof SyntaxError || code === 'FST_ERR_CTP_INVALID_JSON_BODY')
    return invalid({ pointer: '', code: 'json', message: 'is not valid JSON' })
  // Whatever else the HTTP layer found wrong with the request is the caller's doing as well.
  if (statusCode === 404) return new Refusal('not_found')
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return invalid({ pointer: '', code: 'http', message: 'could not be read' })
  return undefined
}

type SchemaFault = { instancePath: string; keyword: string; params: Record<string, unknown>; message?: string }

function toFault(fault: SchemaFault, context: string): Fault {
  const missing = fault.keyword === 'required' ? `/${String(fault.params.missingProperty)}` : ''
  const path = `${fault.instancePath}${missing}`
  const pointer = context === 'querystring' ? `?${path.slice(1)}` : context === 'params' ? `:${path.slice(1)}` : path
  return { pointer, code: fault.keyword, message: missing ? 'is required' : (fault.message ?? 'is not valid') }
}
