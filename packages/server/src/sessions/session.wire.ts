import { type Static, Type } from 'typebox'
import type { NewCustomer } from '../customers/customer.ts'
import { invalid } from '../http/errors.ts'
import { optionalText, requiredText } from '../http/wire.ts'
import { Money } from '../kernel/money.ts'
import type { Product, Session, Step } from './session.ts'

const optional = (maxLength: number, description: string) =>
  Type.Optional(Type.Union([Type.String({ maxLength }), Type.Null()], { description }))

// The reference's samples write order amounts both ways.
const OrderAmount = Type.Union([
  Type.Number(),
  Type.Object({ value: Type.Number(), currency: Type.Optional(Type.String({ maxLength: 10 })) }),
])

const Address = Type.Object(
  {
    streetAddress: optional(200, 'Street and number.'),
    city: optional(100, 'City.'),
    stateOrProvince: optional(100, 'State.'),
    postalCode: optional(20, 'ZIP code.'),
    country: optional(60, 'Country.'),
  },
  { title: 'Address' },
)

export const CreateSessionBody = Type.Object(
  {
    firstName: Type.String({ maxLength: 100, examples: ['Ada'] }),
    lastName: Type.String({ maxLength: 100, examples: ['Byron'] }),
    email: Type.String({ maxLength: 254, examples: ['ada@example.com'] }),
    phoneNumber: optional(30, 'For the customer record only.'),
    product: optional(20, 'PAY (the default) or VERIFY.'),
    billingAddress: Type.Optional(Address),
    shippingAddress: Type.Optional(Address),
    items: Type.Optional(
      Type.Array(
        Type.Object({
          description: optional(300, 'What it is.'),
          amount: Type.Optional(OrderAmount),
          goodType: optional(20, 'DIGITAL or PHYSICAL.'),
        }),
        { maxItems: 200 },
      ),
    ),
    totalAmount: Type.Optional(OrderAmount),
    subTotalAmount: Type.Optional(OrderAmount),
    discountAmount: Type.Optional(OrderAmount),
    shippingAmount: Type.Optional(OrderAmount),
    taxAmount: Type.Optional(OrderAmount),
  },
  { title: 'CreateSession' },
)
type Body = Static<typeof CreateSessionBody>

export const SessionKeyWire = Type.Object(
  { sessionKey: Type.String({ description: 'Opens the hosted flow once, within thirty minutes.' }) },
  { title: 'SessionKey' },
)

export function customerFromWire(body: Body): NewCustomer {
  const email = requiredText(body.email, '/email')
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    throw invalid({ pointer: '/email', code: 'email', message: 'must be an e-mail address' })
  return {
    firstName: requiredText(body.firstName, '/firstName'),
    lastName: requiredText(body.lastName, '/lastName'),
    email,
    phone: optionalText(body.phoneNumber),
  }
}

export function productFromWire(text: string | null | undefined): Product {
  const product = optionalText(text)?.toUpperCase() ?? 'PAY'
  if (product !== 'PAY' && product !== 'VERIFY')
    throw invalid({ pointer: '/product', code: 'enum', message: 'must be PAY or VERIFY' })
  return product
}

const amounts = ['totalAmount', 'subTotalAmount', 'discountAmount', 'shippingAmount', 'taxAmount'] as const
const needs = {
  subTotalAmount: 'totalAmount',
  discountAmount: 'subTotalAmount',
  shippingAmount: 'subTotalAmount',
  taxAmount: 'subTotalAmount',
} as const

/** The order's own members, checked and kept as they were sent. Null: none were. */
export function orderFromWire(body: Body): Record<string, unknown> | null {
  for (const [member, needed] of Object.entries(needs))
    if (body[member as keyof typeof needs] !== undefined && body[needed] === undefined)
      throw invalid({ pointer: `/${needed}`, code: 'required', message: `is required with ${member}` })
  for (const member of amounts) checkAmount(body[member], `/${member}`)
  body.items?.forEach((item, index) => {
    checkAmount(item.amount, `/items/${index}/amount`)
    const good = optionalText(item.goodType)?.toUpperCase() ?? 'DIGITAL'
    if (good !== 'DIGITAL' && good !== 'PHYSICAL')
      throw invalid({ pointer: `/items/${index}/goodType`, code: 'enum', message: 'must be DIGITAL or PHYSICAL' })
  })
  const { billingAddress, shippingAddress, items } = body
  const given = {
    billingAddress,
    shippingAddress,
    items,
    ...Object.fromEntries(amounts.map((key) => [key, body[key]])),
  }
  const kept = Object.entries(given).filter(([, value]) => value !== undefined)
  return kept.length === 0 ? null : Object.fromEntries(kept)
}

function checkAmount(amount: Static<typeof OrderAmount> | undefined, pointer: string): void {
  if (amount === undefined) return
  const money = Money.fromWire(typeof amount === 'number' ? amount : amount.value)
  if (!money || money.minor < 0n)
    throw invalid({ pointer, code: 'amount', message: 'must be at least 0 with at most two decimals' })
}

/** Our steps to the words a merchant reads. */
const wireStep = {
  created: 'CREATED',
  consent: 'OPEN',
  bank: 'OPEN',
  sign_in: 'OPEN',
  accounts: 'OPEN',
  authorize: 'OPEN',
  bank_unavailable: 'OPEN',
  no_eligible_account: 'OPEN',
  done: 'LINKED',
  left: 'LEFT',
  expired: 'EXPIRED',
  failed: 'FAILED',
} as const satisfies Record<Step, string>

export const SessionWire = Type.Object(
  {
    id: Type.String(),
    customerId: Type.String(),
    product: Type.String(),
    status: Type.Enum([...new Set(Object.values(wireStep))]),
    creationDate: Type.String(),
    expiresAt: Type.String(),
  },
  { title: 'Session' },
)

export const sessionToWire = (session: Session): Static<typeof SessionWire> => ({
  id: session.id,
  customerId: session.customerId,
  product: session.product,
  status: wireStep[session.step],
  creationDate: session.createdAt.toISOString(),
  expiresAt: session.expiresAt.toISOString(),
})
