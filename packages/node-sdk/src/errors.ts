import type { ErrorBody } from './generated/api.generated.ts'
import type { ErrorCode } from './generated/errors.generated.ts'

/** Whatever this package throws on purpose. No message holds a secret or a token. */
export class RialtoError extends Error {
  override name = 'RialtoError'
  /**
   * Of a payment, a credit or a refund whose making threw: call again with it to learn what became of it, without
   * making a second one.
   */
  requestKey?: string
}

/** The platform could not be reached, or did not answer: whether it did what was asked is not known. */
export class RialtoConnectionError extends RialtoError {
  override name = 'RialtoConnectionError'
}

/** It did not answer in time. */
export class RialtoTimeoutError extends RialtoConnectionError {
  override name = 'RialtoTimeoutError'
}

type Fault = NonNullable<ErrorBody['errors']>[number]

/** The platform said no. `message` says why, in a sentence; `errorCode` in a word that does not change. */
export class RialtoApiError extends RialtoError {
  override name = 'RialtoApiError'
  readonly status: number
  /** A code of docs/reference/errors.md, or one that a newer platform has. */
  readonly errorCode: ErrorCode | 'UNEXPECTED_ANSWER' | (string & {})
  readonly errorId: number | undefined
  /** Names this call in the platform's logs. */
  readonly requestId: string | undefined
  /** A page that explains the error. */
  readonly docs: string | undefined
  /** The members of the request that are not right. */
  readonly errors: readonly Fault[]
  /** DUPLICATE_REQUEST_KEY: the payment that was made with this request key. */
  readonly existingPaymentId: string | undefined
  /** INVALID_STATE: the state that is in the way. */
  readonly paymentStatus: string | undefined
  /** What can be done instead. */
  readonly possible: readonly string[]
  /** INSUFFICIENT_REFUNDABLE: how much is left. */
  readonly refundableAmount: ErrorBody['refundableAmount']
  /** When it may be asked again, if the platform said so. */
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, body: unknown, headers: { requestId?: string | undefined; retryAfterSeconds?: number }) {
    const said = (typeof body === 'object' && body !== null ? body : {}) as Partial<ErrorBody> & OAuthError
    super(said.errorMessage ?? said.error_description ?? `The platform answered ${status} without saying why.`)
    this.status = status
    this.errorCode = said.errorCode ?? said.error?.toUpperCase() ?? 'UNEXPECTED_ANSWER'
    this.errorId = said.errorId
    this.requestId = said.requestId ?? headers.requestId
    this.docs = said.docs
    this.errors = said.errors ?? []
    this.existingPaymentId = said.existingPaymentId
    this.paymentStatus = said.paymentStatus
    this.possible = said.possible ?? []
    this.refundableAmount = said.refundableAmount
    this.retryAfterSeconds = headers.retryAfterSeconds
  }
}

/** RFC 6749: how the token call says no. */
type OAuthError = { error?: string; error_description?: string }
