/** Every way the data interface may say no: HTTP status, FDX code, words. */
export const fdxErrors = {
  invalid_input: [400, '401', 'Invalid input'],
  invalid_date: [400, '702', 'Invalid start or end date'],
  invalid_date_range: [400, '703', 'Invalid date range'],
  not_authenticated: [401, '603', 'Authentication failed'],
  not_authorized: [403, '602', 'Customer not authorized'],
  account_locked: [403, '706', 'Account access forbidden'],
  account_not_found: [404, '701', 'Account not found'],
  consent_not_found: [404, '1107', 'Data not found for request parameters'],
  no_data: [404, '1107', 'Data not found for request parameters'],
  not_a_resource: [404, '1107', 'Data not found for request parameters'],
  method_not_allowed: [405, '1206', 'Method not allowed'],
  consent_ended: [409, '602', 'Consent is no longer active'],
  account_closed: [409, '705', 'Account is closed'],
  type_not_supported: [422, '704', 'Account type not supported'],
  too_many_requests: [429, '1207', 'Too many requests'],
  internal: [500, '500', 'Internal server error'],
  subsystem: [500, '501', 'Subsystem unavailable'],
  version_not_supported: [501, '1106', 'FDX version not supported'],
  maintenance: [503, '503', 'Scheduled maintenance'],
} as const satisfies Record<string, readonly [number, string, string]>

export type FdxErrorKind = keyof typeof fdxErrors

/** An expected no of the data interface. */
export class FdxError extends Error {
  readonly kind: FdxErrorKind
  constructor(kind: FdxErrorKind, debugMessage: string) {
    super(debugMessage)
    this.name = 'FdxError'
    this.kind = kind
  }
}

export function toErrorBody(kind: FdxErrorKind, debugMessage: string, codesAreNumbers: boolean): object {
  const [, code, message] = fdxErrors[kind]
  return { code: codesAreNumbers ? Number(code) : code, message, ...(debugMessage ? { debugMessage } : {}) }
}
