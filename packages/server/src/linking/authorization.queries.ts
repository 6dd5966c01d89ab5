import { createHash } from 'node:crypto'
import { getCustomer } from '../customers/customer.queries.ts'
import { mandateText, mandateVersion, verificationText } from '../customers/mandate-text.ts'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import type { SessionId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { getMerchant } from '../merchants/merchant.queries.ts'
import { getOpenSession } from '../sessions/session.queries.ts'
import type { Session } from '../sessions/session.ts'

export type Authorization = Readonly<{
  session: Session
  merchantName: string
  version: string
  text: string
  textHash: string
}>

/** The text the customer is asked to agree to, for the account they chose. Refuses: flow_moved (none chosen). */
export async function authorizationFor(house: House, id: SessionId): Promise<Authorization> {
  const session = await getOpenSession(house, id)
  if (session.step !== 'authorize') throw new Refusal('flow_moved', { from: session.step })
  const [merchant, customer] = await Promise.all([
    getMerchant(house, session.merchantId),
    getCustomer(house, session.merchantId, session.customerId),
  ])
  const chosen = session.offered.find(({ ref }) => ref === session.chosenRef)
  const bank = house.banks.institutions().find((one) => one.id === session.institutionId)
  assert(chosen && bank && chosen.type !== 'other', 'a flow at authorize has an account at a bank')
  const write = session.product === 'VERIFY' ? verificationText : mandateText
  const text = write({
    merchantName: merchant.name,
    customerName: `${customer.firstName} ${customer.lastName}`,
    bankName: bank.name,
    accountType: chosen.type,
    accountName: chosen.name,
    lastFour: chosen.lastFour,
    // The day the flow was opened, so that the text does not change under the customer's eyes at midnight.
    day: session.createdAt.toISOString().slice(0, 10),
  })
  return { session, merchantName: merchant.name, version: mandateVersion, text, textHash: hashOf(text) }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
