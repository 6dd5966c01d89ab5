import { houseRefusals, type RefusalRow } from './house-refusals.ts'

/**
 * Every way the house may say no, one line each; those about its own affairs are in house-refusals.ts.
 * `docs/reference/errors.md` and `docs/errors.json` are printed from this table. An errorId never changes once
 * released; 10003 is the reference product's.
 */
export const refusals = {
  invalid_request: [
    400,
    'INVALID_REQUEST',
    10001,
    'The request is not valid.',
    'Look at errors[]: each entry points at a member and says what it must be.',
  ],
  unauthorized: [
    401,
    'UNAUTHORIZED',
    10002,
    'The access token is missing, not valid, expired or revoked.',
    'Get a token from POST /v1/tokens and send it as Authorization: Bearer.',
  ],
  internal: [
    500,
    'INTERNAL_SERVER_ERROR',
    10003,
    'Something went wrong on our side.',
    'Try again; if it persists, give the requestId to the operator.',
  ],
  not_found: [404, 'NOT_FOUND', 10004, 'There is no such thing here.', 'Check the path and the id.'],
  insufficient_scope: [
    403,
    'INSUFFICIENT_SCOPE',
    10005,
    'The access token does not cover this call.',
    'Ask POST /v1/tokens for the scope this call needs: Link-Payment for payments, Link-Core for all else.',
  ],
  payload_too_large: [413, 'PAYLOAD_TOO_LARGE', 10006, 'The body is larger than 64 kB.', 'Send a smaller body.'],
  unsupported_media_type: [
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    10007,
    'The content type is not supported.',
    'Send application/json (the token call: application/x-www-form-urlencoded).',
  ],
  unavailable: [503, 'SERVICE_UNAVAILABLE', 10009, 'The service is not ready.', 'Try again in a few seconds.'],

  payment_not_found: [
    404,
    'NOT_FOUND',
    10020,
    'There is no such payment.',
    'Check the id; ids belong to one merchant.',
  ],
  customer_not_found: [
    404,
    'NOT_FOUND',
    10021,
    'There is no such customer.',
    'Check the id; ids belong to one merchant.',
  ],
  session_not_found: [404, 'NOT_FOUND', 10022, 'There is no such session.', 'Check the id.'],
  request_key_used: [
    400,
    'DUPLICATE_REQUEST_KEY',
    10023,
    'A payment already exists for this requestKey.',
    'Read the first payment by existingPaymentId; use a new requestKey only for a new payment.',
  ],
  payment_not_movable: [
    400,
    'INVALID_STATE',
    10024,
    'The payment cannot do that from its present state.',
    'Look at paymentStatus, and at possible[] for what can be done instead.',
  ],
  customer_not_active: [
    400,
    'CUSTOMER_NOT_ACTIVE',
    10025,
    'The customer has no active bank account.',
    'Let the customer link an account: POST /v1/sessions.',
  ],
  amount_too_large: [
    400,
    'INVALID_AMOUNT',
    10027,
    'The amount is larger than an ACH entry can carry.',
    'Send at most 99999999.99.',
  ],
  insufficient_refundable: [
    400,
    'INSUFFICIENT_REFUNDABLE',
    10026,
    'The amount is more than what is left to refund.',
    'Refund at most refundableAmount.',
  ],
  payment_not_refundable: [
    400,
    'INVALID_STATE',
    10028,
    'The payment cannot be refunded.',
    'Look at paymentStatus, and at possible[] for what can be done instead.',
  ],
  too_late_to_cancel: [
    400,
    'INVALID_STATE',
    10029,
    'The payment can no longer be canceled.',
    'Look at paymentStatus, and at possible[] for what can be done instead: a payment that was sent can be refunded.',
  ],
  payment_not_retryable: [
    400,
    'INVALID_STATE',
    10032,
    'The payment cannot be presented again.',
    "Only payments that came back with R01 or R09 can, twice, within 180 days, while the customer's account and " +
      'authorization stand. Otherwise ask for a new payment.',
  ],

  idempotency_conflict: [
    422,
    'IDEMPOTENCY_KEY_REUSED',
    10030,
    'This Idempotency-Key was used with another body.',
    'Use a new Idempotency-Key for a new request.',
  ],
  idempotency_running: [
    409,
    'IDEMPOTENCY_KEY_IN_USE',
    10031,
    'The first request with this Idempotency-Key is running.',
    'Send the same request again after Retry-After seconds.',
  ],

  clock_advancing: [
    409,
    'CLOCK_ADVANCING',
    10110,
    'The clock is being advanced.',
    'Wait until it has arrived: GET the clock to see how far it is.',
  ],
  no_worker: [
    503,
    'NO_WORKER',
    10111,
    'Jobs that are due are not being done.',
    'Start a worker (npm run rialto -- worker), then advance the clock again: nothing is lost.',
  ],
  outside_world_unreachable: [
    503,
    'OUTSIDE_WORLD_UNREACHABLE',
    10112,
    'The pretend outside world does not answer.',
    'Start it: npm run up starts everything.',
  ],
  simulation_impossible: [
    409,
    'SIMULATION_IMPOSSIBLE',
    10113,
    'That cannot happen to the payment as it is.',
    'Do one of what possible[] names.',
  ],

  flow_moved: [409, 'FLOW_MOVED', 10040, 'The flow is at another page by now.', 'Read the flow again.'],
  flow_unknown: [404, 'FLOW_UNKNOWN', 10041, 'This browser has no such flow.', 'Start again from the merchant.'],
  bank_not_found: [404, 'NOT_FOUND', 10042, 'There is no such bank.', 'Choose a bank from the list.'],
  redirect_not_allowed: [
    400,
    'REDIRECT_NOT_ALLOWED',
    10043,
    "The redirect address is not on the merchant's list.",
    'Add the exact address with rialto merchant redirect add.',
  ],

  ...houseRefusals,
} as const satisfies Record<string, RefusalRow>

export type RefusalCode = keyof typeof refusals

/** An expected no: the caller's doing, safe to show. Thrown, so that the open transaction rolls back. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly facts: Readonly<Record<string, unknown>>
  constructor(code: RefusalCode, facts: Record<string, unknown> = {}) {
    super(refusals[code][3])
    this.name = 'Refusal'
    this.code = code
    this.facts = facts
  }
}
