import type { PaymentId } from '../kernel/id.ts'

/** The keys of the reminders about a payment that waits for its decision. */
export const decisionReminders = (id: PaymentId) => ({
  deadline: `payment:${id}:deadline`,
  decide: `payment:${id}:decide`,
})

/** The keys of the reminders about a payment that came back and may be presented again. */
export const retryReminders = (id: PaymentId) => ({ retry: `payment:${id}:retry`, giveUp: `payment:${id}:give-up` })
