import type { Customer } from '../banks/customer.store.ts'
import type { World } from '../world.ts'
import { findConsent, insertConsent, isRevocationDue, saveEnding } from './consent.store.ts'
import type { Consent, ConsentRequest, Ending } from './consent.ts'

const DAY_MS = 86_400_000

export type NewConsent = Readonly<{
  customer: Customer
  clientId: string
  request: ConsentRequest
  accountIds: readonly string[]
}>

/** Writes down what the customer allowed. Its id becomes the id of the OAuth grant. */
export async function giveConsent(world: World, given: NewConsent): Promise<Consent> {
  const { customer, request } = given
  const now = world.now()
  const consent: Consent = {
    ...request,
    id: world.newSecret(),
    bank: customer.bank,
    customerId: customer.id,
    clientId: given.clientId,
    status: 'ACTIVE',
    createdAt: now,
    updatedAt: now,
    expiresAt: new Date(now.getTime() + request.durationDays * DAY_MS),
    accountIds: given.accountIds,
  }
  const revokeAt = customer.temper === 'revokes_soon' ? new Date(now.getTime() + world.revokeAfterMs) : undefined
  await world.sql.begin((tx) => insertConsent(tx, consent, revokeAt))
  return consent
}

/** Ends a consent for good, and with it every token. False when it had ended already. */
export async function endConsent(world: World, bank: string, id: string, ending: Ending): Promise<boolean> {
  const ended = await world.sql.begin((tx) => saveEnding(tx, bank, id, ending, world.now()))
  if (ended) world.log.info({ bank, consentId: id, ...ending }, 'consent ended')
  return ended
}

/** The consent as it stands now. A customer who meant to take it back by this time has done so. */
export async function currentConsent(world: World, bank: string, id: string): Promise<Consent | undefined> {
  const now = world.now()
  if (await isRevocationDue(world.sql, bank, id, now))
    await endConsent(world, bank, id, { by: 'INDIVIDUAL', why: 'USER_ACTION' })
  return findConsent(world.sql, bank, id, now)
}
