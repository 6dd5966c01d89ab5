import { type Static, Type } from 'typebox'
import { type Fault, invalid } from '../http/errors.ts'
import { AmountWire, amountFromWire, optionalText } from '../http/wire.ts'
import type { CustomerId, MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'

/** An ACH entry has ten digits for its amount. */
const mostPerEntry = Money.of(99_999_999_99n)

const Party = (title: string) =>
  Type.Object(
    { id: Type.String({ maxLength: 200 }), type: Type.String({ maxLength: 20, description: 'CUSTOMER or MERCHANT.' }) },
    { title },
  )

const orNull = (maxLength: number, description: string) =>
  Type.Optional(Type.Union([Type.String({ maxLength }), Type.Null()], { description }))

/** What payments, credits and refunds have in common. */
const members = {
  amount: AmountWire,
  requestKey: Type.String({
    minLength: 1,
    maxLength: 128,
    description: 'Yours, unique for ever among payments, credits and refunds. A second one is refused.',
    examples: ['order-1234-1'],
  }),
  clientReferenceId: orNull(255, 'Yours, stored with the payment.'),
  softDescriptor: orNull(80, "Travels to the customer's bank."),
}

export const CreatePaymentBody = Type.Object(
  { source: Party('Source'), destination: Party('Destination'), ...members },
  { title: 'CreatePayment', description: 'From CUSTOMER to MERCHANT: a debit. From MERCHANT to CUSTOMER: a credit.' },
)

export const CreateRefundBody = Type.Object(
  {
    paymentId: Type.String({ maxLength: 200, description: 'The debit that is given back, or part of it.' }),
    ...members,
  },
  { title: 'CreateRefund' },
)

type Caller = Readonly<{ merchantId: MerchantId }>
type Common = Pick<Static<typeof CreateRefundBody>, keyof typeof members>

/** Refuses: invalid_request, amount_too_large. */
function commonFromWire(body: Common, { merchantId }: Caller) {
  const amount = amountFromWire(body.amount)
  if (amount.minor > mostPerEntry.minor) throw new Refusal('amount_too_large')
  const softDescriptor = optionalText(body.softDescriptor)
  if (softDescriptor && !/^[A-Za-z0-9 .,:;'&()/#*+\-!?@_]*$/.test(softDescriptor))
    throw invalid({
      pointer: '/softDescriptor',
      code: 'characters',
      message: 'must hold letters, digits, spaces and basic punctuation only',
    })
  for (const member of ['requestKey', 'clientReferenceId'] as const)
    if (/\p{Cc}/u.test(body[member] ?? ''))
      throw invalid({ pointer: `/${member}`, code: 'characters', message: 'must not hold control characters' })
  const { requestKey } = body
  return { merchantId, amount, requestKey, clientReferenceId: optionalText(body.clientReferenceId), softDescriptor }
}

/**
 * A debit or a credit, by who is the source. Refuses: invalid_request, merchant_not_found (the merchant in it is not
 * the caller), amount_too_large.
 */
export function newPaymentFromWire(body: Static<typeof CreatePaymentBody>, caller: Caller) {
  const [source, destination] = [body.source.type.toUpperCase(), body.destination.type.toUpperCase()]
  const faults = typeFaults(source, destination)
  if (faults.length > 0) throw invalid(...faults)
  const isDebit = source === 'CUSTOMER'
  const [customer, merchant] = isDebit ? [body.source, body.destination] : [body.destination, body.source]
  if (merchant.id.toLowerCase() !== caller.merchantId) throw new Refusal('merchant_not_found')
  const type: 'debit' | 'credit' = isDebit ? 'debit' : 'credit'
  return { type, customerId: customer.id.toLowerCase() as CustomerId, ...commonFromWire(body, caller) }
}

const roles = ['CUSTOMER', 'MERCHANT']

function typeFaults(source: string, destination: string): Fault[] {
  const fault = (pointer: string, message: string): Fault => ({ pointer, code: 'enum', message })
  const faults = [
    ...(roles.includes(source) ? [] : [fault('/source/type', 'must be CUSTOMER or MERCHANT')]),
    ...(roles.includes(destination) ? [] : [fault('/destination/type', 'must be MERCHANT or CUSTOMER')]),
  ]
  if (faults.length > 0 || source !== destination) return faults
  const says = `must not both be ${source}: money goes from a customer to the merchant, or back`
  return [fault('/source/type', says), fault('/destination/type', says)]
}

/** Refuses: invalid_request, amount_too_large. */
export const newRefundFromWire = (body: Static<typeof CreateRefundBody>, caller: Caller) => ({
  paymentId: body.paymentId,
  ...commonFromWire(body, caller),
})
