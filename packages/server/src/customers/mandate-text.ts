/** Counted up with every change of the wording: the mandate keeps the version and the very text. */
export const mandateVersion = '2026-11'

export type MandateFacts = Readonly<{
  merchantName: string
  customerName: string
  bankName: string
  accountType: 'checking' | 'savings'
  accountName: string
  lastFour: string
  /** The day, as the customer reads it: 2026-11-22. */
  day: string
}>

/**
 * A standing authorization for internet-initiated (WEB) debits. By Nacha's rules such a text says that it is an
 * authorization, whose account is debited, how amounts and times are known, and how to revoke it.
 */
export function mandateText(facts: MandateFacts): string {
  const { merchantName, customerName, bankName, accountType, accountName, lastFour, day } = facts
  return [
    `I, ${customerName}, authorize ${merchantName} to debit my ${accountType} account "${accountName}" ending in ` +
      `${lastFour} at ${bankName} electronically (ACH debit) for purchases I make at ${merchantName}, each in the amount ` +
      'and on or after the day I approve when I make the purchase.',
    'If a debit is returned because the account does not hold enough money, it may be presented again, at most twice. ' +
      `To correct a mistake, ${merchantName} may credit or debit this account for the amount of the mistake.`,
    `This authorization stays in force until I revoke it. I can revoke it at any time by telling ${merchantName}, or by ` +
      `ending the connection at ${bankName}; it then ends for every payment that was not yet sent to my bank. ` +
      'I can dispute a debit I did not authorize with my bank.',
    `I agree to this electronically on ${day} and can keep a copy.`,
  ].join('\n\n')
}

/** For product VERIFY: the account is shown, never debited. */
export function verificationText(facts: MandateFacts): string {
  const { merchantName, customerName, bankName, accountType, accountName, lastFour, day } = facts
  return [
    `I, ${customerName}, allow ${merchantName} to verify that my ${accountType} account "${accountName}" ending in ` +
      `${lastFour} at ${bankName} belongs to me. ${merchantName} may see its account and routing number, its balance and ` +
      'the names of its holders. This does not allow anybody to debit the account.',
    `I can end this at any time by telling ${merchantName}, or by ending the connection at ${bankName}. ` +
      `I agree to this electronically on ${day} and can keep a copy.`,
  ].join('\n\n')
}
