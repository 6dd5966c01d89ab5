import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'

/** What a merchant has agreed to and chosen about its money. The operator sets it. */
export type MerchantTerms = Readonly<{
  /** Who sends its entries. Null: the first originating bank there is. */
  originatingBank: string | null
  /** The name on the customer's bank statement. Null: made from the merchant's name. */
  companyName: string | null
  /** What the bank statement calls a debit. */
  entryDescription: string
  sameDay: boolean
  feeFixed: Money
  feeBps: number
  returnFee: Money
  feeKeptOnReturn: boolean
  /** Approved payments wait for the merchant's release. */
  holdsPayments: boolean
  /** Banking days from settlement until the money may be paid out. */
  fundsHoldDays: number
  /** A refund of a payment that has not been sent: wait until it has settled, or cancel the payment. */
  unsentRefund: 'wait' | 'cancel'
  /** How far refunds may take the merchant's money below zero. */
  overdraftLimit: Money
  retryPolicy: 'manual' | 'automatic'
  /** Banking days from a return until an automatic retry. */
  retryAfterDays: number
}>

type Fault = Readonly<{ pointer: string; code: string; message: string }>

/** What a batch header may hold. */
const headerText = /^[A-Z0-9 ./()&'\-#*,:]*$/
const mostNameLetters = 16
const mostDescriptionLetters = 10
/** Words that say something about an entry under Nacha's rules; whoever means it does not choose them. */
const reserved: ReadonlySet<string> = new Set(['REVERSAL', 'RETRY PYMT', 'ACCTVERIFY', 'RETURN FEE'])
/** A billion dollars: what is larger is a slip of the hand. */
const mostMoney = Money.of(100_000_000_000n)

/**
 * Changes as they will be stored: texts trimmed and in capitals, an empty one meaning none.
 * Refuses invalid_request, with everything that is wrong.
 */
export function termsFrom(given: Partial<MerchantTerms>, banks: readonly string[]): Partial<MerchantTerms> {
  const { originatingBank, companyName, entryDescription } = given
  const changes = {
    ...given,
    ...(originatingBank === undefined ? {} : { originatingBank: originatingBank || null }),
    ...(companyName === undefined ? {} : { companyName: companyName?.trim().toUpperCase() || null }),
    ...(entryDescription === undefined ? {} : { entryDescription: entryDescription.trim() }),
  }
  const faults = faultsOf(changes, banks)
  if (Object.keys(changes).length === 0) faults.push({ pointer: '/', code: 'empty', message: 'Nothing is to be set.' })
  if (faults.length > 0) throw new Refusal('invalid_request', { errors: faults })
  return changes
}

function faultsOf(changes: Partial<MerchantTerms>, banks: readonly string[]): Fault[] {
  const faults: Fault[] = []
  const must = (member: keyof MerchantTerms, holds: boolean, message: string) => {
    if (!holds) faults.push({ pointer: `/${member}`, code: 'invalid', message })
  }
  const within = (member: 'feeBps' | 'fundsHoldDays' | 'retryAfterDays', least: number, most: number) => {
    const value = changes[member] ?? least
    must(member, Number.isInteger(value) && value >= least && value <= most, `must be from ${least} to ${most}`)
  }
  const { originatingBank, companyName, entryDescription } = changes
  if (originatingBank) {
    const message = `must be one of this deployment's originating banks: ${banks.join(', ') || 'there are none'}`
    must('originatingBank', banks.includes(originatingBank), message)
  }
  if (companyName) {
    const message = `must have at most ${mostNameLetters} letters, digits, spaces and signs of . / ( ) & ' - # * , :`
    must('companyName', companyName.length <= mostNameLetters && headerText.test(companyName), message)
  }
  if (entryDescription !== undefined) mustDescribe(entryDescription, must)
  within('feeBps', 0, 10_000)
  within('fundsHoldDays', 0, 60)
  within('retryAfterDays', 1, 30)
  for (const member of ['feeFixed', 'returnFee', 'overdraftLimit'] as const) {
    const { minor } = changes[member] ?? Money.zero
    must(member, minor >= 0n && minor <= mostMoney.minor, `must be from 0.00 to ${Money.format(mostMoney)}`)
  }
  return faults
}

function mustDescribe(text: string, must: (member: 'entryDescription', holds: boolean, message: string) => void) {
  const signs = `must have 1 to ${mostDescriptionLetters} capital letters, digits, spaces and signs of . / ( ) & ' - # * , :`
  const fits = text.length >= 1 && text.length <= mostDescriptionLetters && headerText.test(text)
  must('entryDescription', fits, signs)
  must('entryDescription', !reserved.has(text), `must not be ${text}: that says something else under Nacha's rules`)
}
