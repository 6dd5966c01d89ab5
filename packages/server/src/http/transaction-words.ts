/** The words for a payment's status are the same wherever a merchant reads them: in an answer, and in a report. */
export { wireStatus as transactionStatus } from '../payments/status.wire.ts'
