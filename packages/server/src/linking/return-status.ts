import type { Step } from '../sessions/session.ts'

/** What the redirect tells the merchant: linked, the customer left, or an error. */
export function statusOf(step: Step): '200' | '204' | '500' {
  if (step === 'done') return '200'
  return step === 'expired' || step === 'failed' || step === 'bank_unavailable' ? '500' : '204'
}
