import type { PaymentStatus } from './payment.ts'

/** Our words to the wire's, complete by construction. */
export const wireStatus = {
  created: 'PENDING',
  held: 'HELD',
  authorized: 'AUTHORIZED',
  scheduled: 'SCHEDULED',
  initiated: 'INITIATED',
  settled: 'SUCCEEDED',
  available: 'SUCCEEDED',
  disbursed: 'SUCCEEDED',
  retryable: 'RETRYABLE_FAILED',
  returned: 'TERMINAL_FAILED',
  canceled: 'CANCELED',
  declined: 'TERMINAL_FAILED',
} as const satisfies Record<PaymentStatus, string>

export const statuses = [...new Set(Object.values(wireStatus))]
