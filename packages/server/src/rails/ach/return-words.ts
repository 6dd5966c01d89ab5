type Words = readonly [merchant: string, payer: string]

const ourMistake =
  'Something was wrong with how we sent this payment. It is not your fault, and nothing was lost; we are looking into it.'
const anotherAccount = 'This account cannot be used for payments. Please choose another account.'
const connectAgain = 'Your bank could not find the account. Please connect it again, or choose another one.'
const asYouWished = 'Your bank sent the payment back, as you asked it to.'

/** What a return says to the merchant, and to the payer. Neither is told more than it may know about the other. */
export const returnWords: Readonly<Record<string, Words>> = {
  R01: [
    'The account did not hold enough money. You may try again, at most twice within 180 days.',
    'There was not enough money in your account when the payment arrived. You can pay again whenever it suits you.',
  ],
  R02: [
    'The account was closed. The customer has to choose another one.',
    'This account has been closed. Please choose another account.',
  ],
  R03: ['The bank found no account with this number and name. The customer has to connect it again.', connectAgain],
  R04: ['The account number cannot be right. The customer has to connect the account again.', connectAgain],
  R05: [
    'A personal account was debited as if it belonged to a business, and its holder objected. The platform must correct this.',
    asYouWished,
  ],
  R06: [
    'The bank sent the entry back because we asked for it.',
    'We asked your bank to send this payment back. You need not do anything.',
  ],
  R07: [
    'The customer told the bank that they withdrew their agreement to be debited. Ask them to agree anew before any payment.',
    'You told your bank that you no longer agree to these payments. If you want to pay this way again, please connect your account anew.',
  ],
  R08: [
    'The customer had the bank stop this payment. Talk to them before asking for the money again.',
    'Your bank stopped this payment, as you asked it to. If it is still owed, please get in touch with the merchant.',
  ],
  R09: [
    'There was money in the account, but not yet free to use. You may try again, at most twice within 180 days.',
    'The money in your account was not free to use yet when the payment arrived. You can pay again in a few days.',
  ],
  R10: [
    'The customer told the bank that they do not know you or did not agree to this debit. Keep what proves that they did.',
    'You told your bank that you did not agree to this payment, so it was sent back. If that was a misunderstanding, please get in touch with the merchant.',
  ],
  R11: [
    'The customer agreed to pay, but not this amount, on this day or in this way. A corrected payment may follow without a new agreement.',
    'You told your bank that this payment was not what you had agreed to, so it was sent back. We will look at what went wrong.',
  ],
  R12: [
    'The account moved to another bank with its branch. The customer has to connect it there.',
    'Your account has moved to another bank. Please connect it there.',
  ],
  R13: [
    'The routing number does not belong to a bank that takes ACH. The customer has to connect the account again.',
    connectAgain,
  ],
  R14: [
    'The person who managed the account for its owner has died or can no longer do so. Ask for no more payments from it.',
    'This account can no longer be used for payments. If you look after it now, please get in touch with the merchant. We are sorry for the trouble.',
  ],
  R15: [
    'The account holder has died. Ask for no more payments from this account.',
    'This account can no longer be used for payments. If you look after it now, please get in touch with the merchant. We are sorry for the trouble.',
  ],
  R16: [
    'The bank, or the law, does not let money leave or enter the account.',
    'Your bank does not allow payments with this account at present. Please ask your bank, or choose another account.',
  ],
  R17: [
    'The bank could not read the entry, or doubts that it is honest. The platform looks at it before anything else is sent.',
    'Your bank did not accept this payment. We are looking into it; you can pay in another way.',
  ],
  R18: ['The day on which the entry was to take effect was not valid. This is a mistake of the platform.', ourMistake],
  R19: ['The amount was not written as it must be. This is a mistake of the platform.', ourMistake],
  R20: [
    'The account is of a kind that cannot make such payments, a savings plan for example. The customer has to choose another one.',
    anotherAccount,
  ],
  R21: ['The bank did not know the company id in the entry. This is a mistake of the platform.', ourMistake],
  R22: [
    'The bank did not know the id by which the entry named the customer. Ask the customer for the right one.',
    ourMistake,
  ],
  R23: [
    'The receiver did not want the money, or the bank could not credit it. Find out how they would like to be paid.',
    'Your bank did not accept the money that we sent you. Please get in touch with the merchant to receive it in another way.',
  ],
  R24: [
    'The bank takes the entry for a second copy of another. The platform finds out before anything else is sent.',
    'Your bank saw this payment twice and sent one of the two back. You need not do anything.',
  ],
  R25: ['The lines that belong to the entry were not right. This is a mistake of the platform.', ourMistake],
  R26: ['Something that an entry must have was missing. This is a mistake of the platform.', ourMistake],
  R27: ['The number by which the entry is found again was not right. This is a mistake of the platform.', ourMistake],
  R28: ['The routing number failed its check. This is a mistake of the platform.', ourMistake],
  R29: [
    'The business told its bank that it did not agree to this debit. Ask it to agree anew, and to tell its bank, before any payment.',
    'Your business told its bank that it did not agree to this payment. To pay this way again, please agree to it anew and let your bank know.',
  ],
  R31: [
    'The bank returned the entry late because our bank allowed it.',
    'Your bank sent the payment back. You need not do anything.',
  ],
  R32: [
    "The customer's bank could not settle with the Federal Reserve. The platform looks into it.",
    'Your bank could not take part in payments that day. You can pay again in a few days.',
  ],
  R34: [
    "The customer's bank is limited in what it may receive. The customer has to choose an account at another bank.",
    'Your bank does not take such payments. Please choose an account at another bank.',
  ],
  R35: ['This kind of entry may not be a debit. This is a mistake of the platform.', ourMistake],
  R36: ['This kind of entry may not be a credit. This is a mistake of the platform.', ourMistake],
  R85: [
    'The money crosses a border and should have been sent as an international entry. The platform looks into it.',
    ourMistake,
  ],
  R90: [
    'The bank returned the entry because of the laws on sanctions. The platform looks at it; do not ask for the money again.',
    'Your bank could not carry out this payment. Please ask your bank.',
  ],
}

/** For the codes without words of their own. */
export const foreignWords: Words = [
  'The reason belongs to a kind of entry that the platform does not send (checks, enrollments, international entries). A person looks at it.',
  ourMistake,
]
/** For codes that are in no table. */
export const unknownWords: Words = [
  'The bank gave a reason that the platform does not know. The money has come back; a person looks at it.',
  'Your bank sent the payment back. Please ask your bank why, or pay in another way.',
]
