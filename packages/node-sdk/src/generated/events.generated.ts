// Printed by `npm run print` from the server; a change here is overwritten.

/** The types of events, by the category that a subscription may name. */
export type EventTypes = {
  ACCOUNT:
    /** An account was chosen and authorized. */
    | 'customer.account.linked'
    /** An account can no longer be used. */
    | 'customer.account.deactivated'
  CUSTOMER:
    /** Linking began. */
    | 'customer.created'
    /** A bank account is linked; the customer can pay. */
    | 'customer.activated'
    /** The customer must link again before paying. */
    | 'customer.deactivated'
  PAYMENT:
    /** The request was received and recorded. */
    | 'payment.created'
    /** Awaiting the decision, fifteen minutes at most. A refund: awaiting the settlement of its payment. */
    | 'payment.pending'
    /** Approved for processing. Not yet money. */
    | 'payment.authorized'
    /** Approved; waits for the merchant's release. */
    | 'payment.held'
    /** Assigned to a banking day: it stands in a file. */
    | 'payment.scheduled'
    /** Sent to the bank network. */
    | 'payment.initiated'
    /** Settled. A debit may still come back for sixty days. */
    | 'payment.succeeded'
    /** Declined, or returned by the bank: see achReturnCode. */
    | 'payment.failed'
    /** Canceled before it was sent. */
    | 'payment.canceled'
    /** The payout that contains it has reached the merchant. */
    | 'payment.disbursed'
    /** It was returned by the bank after it had been refunded: the customer may have the money twice. */
    | 'payment.double_refund_risk'
  REPORT:
    /** A report has been made: read it with GET /v1/reports/{id}/content. */
    | 'report.available'
  WEBHOOK:
    /** An address of a subscription has not taken a delivery for an hour. Nothing is lost: deliveries wait. */
    | 'webhook.failing'
    /** A subscription was disabled: its address answered 410, or failed for five days. Enabled again, it catches up. */
    | 'webhook.disabled'
}
