import type { LinkResult, LinkResultSigner } from '../access/link-result.ts'
import { findAcceptedMandate, getCustomer } from '../customers/customer.queries.ts'
import type { House } from '../house.ts'
import { Refusal } from '../kernel/refusal.ts'
import { getMerchant } from '../merchants/merchant.queries.ts'
import { isOver, type Session } from '../sessions/session.ts'
import { type Authorization, authorizationFor } from './authorization.queries.ts'
import { findHolderNames } from './link.store.ts'
import { statusOf } from './return-status.ts'

/** Everything a page of the flow shows. */
export async function gatherFlow(house: House, sign: LinkResultSigner, session: Session) {
  const [merchant, customer, holderNames, authorization, linkResult] = await Promise.all([
    getMerchant(house, session.merchantId),
    getCustomer(house, session.merchantId, session.customerId),
    session.linkId ? findHolderNames(house.sql, session.linkId) : [],
    session.step === 'authorize' ? authorizationFor(house, session.id) : null,
    isOver(session.step) ? sign(resultOf(session)) : null,
  ])
  const bank = house.banks.institutions().find(({ id }) => id === session.institutionId) ?? null
  return { session, merchant, customer, bank, holderNames, authorization, linkResult }
}

const resultOf = (session: Session): LinkResult => ({
  sessionId: session.id,
  merchantId: session.merchantId,
  status: statusOf(session.step),
  customerId: session.step === 'done' ? session.customerId : null,
})

/** The authorization as a text to keep: the one agreed to, or the one on screen. Refuses: flow_moved (none yet). */
export async function authorizationCopy(house: House, session: Session): Promise<string> {
  const accepted = session.mandateId ? await findAcceptedMandate(house, session.mandateId) : undefined
  if (accepted) return copy(accepted.text, `Agreed to on ${accepted.acceptedAt.toISOString()}`, accepted.version)
  if (session.step !== 'authorize') throw new Refusal('flow_moved')
  const shown: Authorization = await authorizationFor(house, session.id)
  return copy(shown.text, 'Not agreed to yet', shown.version)
}

const copy = (text: string, when: string, version: string): string =>
  `${text}\n\n--\n${when}. Text version ${version}.\n`
