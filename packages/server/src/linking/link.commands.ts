import { setTimeout as sleep } from 'node:timers/promises'
import type { Grant, KeepGrant, LinkAnswer, SignedIn } from '../banks/bank-connector.ts'
import {
  deactivateLinkedAccounts,
  forgetAccounts,
  holdCustomer,
  rememberBalance,
} from '../customers/customer.commands.ts'
import { getCustomer } from '../customers/customer.queries.ts'
import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { ask } from '../jobs/tasks.ts'
import type { AccountId, CustomerId, LinkId, MerchantId } from '../kernel/id.ts'
import type { Money } from '../kernel/money.ts'
import { resealAll } from '../net/reseal.ts'
import { forgetOffers } from '../sessions/session.commands.ts'
import {
  endLink,
  insertLink,
  leaseLink,
  listSealedGrants,
  listUsableLinks,
  markEnding,
  releaseLink,
  replaceSealedGrant,
  saveGrant,
} from './link.store.ts'
import type { Link } from './link.ts'

/** Longer than any call to a bank may take: a process that dies with the lease delays the next by this much at most. */
const leaseMs = 60_000
const busyWaitMs = 50

const grantContext = (id: LinkId): string => `link:${id}`

export const sealGrant = (house: House, id: LinkId, grant: Grant): Promise<string> =>
  house.vault.seal(JSON.stringify(grant), grantContext(id))

/** Remembers a sign-in. The grant was sealed for this id before the transaction began. */
export async function rememberLink(
  house: House,
  tx: Tx,
  input: { id: LinkId; merchantId: MerchantId; customerId: CustomerId; institutionId: string; grantSealed: string },
  signedIn: SignedIn,
): Promise<void> {
  const { holderNames } = signedIn
  await insertLink(tx, { ...input, status: 'active', holderNames, createdAt: house.now() })
}

/**
 * Talks to the bank for a link: one caller at a time, whichever process it is in, because refresh tokens rotate and two
 * refreshes at once look like theft. A bank that no longer honours the link ends it, and its accounts with it.
 * `signal` ends the waiting for a turn as well.
 */
export async function callBank<T>(
  house: House,
  id: LinkId,
  call: (link: Link, grant: Grant, keep: KeepGrant) => Promise<LinkAnswer<T>>,
  signal?: AbortSignal,
): Promise<LinkAnswer<T>> {
  const leased = await lease(house, id, signal)
  if (leased === 'ended') return { kind: 'relink', why: 'the link has ended' }
  if (leased === 'busy') return { kind: 'bank_unavailable' }
  const { link, until } = leased
  try {
    const grant = JSON.parse(await house.vault.open(link.grantSealed ?? '', grantContext(id))) as Grant
    const keep: KeepGrant = async (next) => saveGrant(house.sql, id, await sealGrant(house, id, next))
    const answer = await call(link, grant, keep)
    if (answer.kind === 'relink') await breakLink(house, link)
    return answer
  } finally {
    await releaseLink(house.sql, id, until)
  }
}

type Lease = Readonly<{ link: Link; until: Date }>

async function lease(house: House, id: LinkId, signal?: AbortSignal): Promise<Lease | 'busy' | 'ended'> {
  const tries = Math.ceil(leaseMs / busyWaitMs)
  for (let attempt = 0; attempt < tries && !signal?.aborted; attempt++) {
    const at = house.realNow()
    const until = new Date(at.getTime() + leaseMs)
    const link = await leaseLink(house.sql, id, at, until)
    if (link === 'ended') return link
    if (link !== 'busy') return { link, until }
    await sleep(busyWaitMs, undefined, signal ? { signal } : {}).catch(() => undefined)
  }
  return 'busy'
}

const breakLink = (house: House, link: Link): Promise<void> =>
  transact(house.sql, async (tx) => {
    if (await endLink(tx, link.id, 'relink', house.now()))
      await deactivateLinkedAccounts(house, tx, { customerId: link.customerId, linkId: link.id })
  })

type ReadAccount = Readonly<{ id: AccountId; customerId: CustomerId; linkId: LinkId; ref: string }>

/**
 * The balance at the bank now, remembered on the account. Answers bank_unavailable when it does not come within the
 * budget (ms). An account the bank says cannot be used stops working.
 */
export async function readBalance(house: House, account: ReadAccount, budgetMs: number): Promise<LinkAnswer<Money>> {
  const signal = AbortSignal.timeout(budgetMs)
  const { id: accountId, customerId, linkId } = account
  const answer = await callBank(
    house,
    linkId,
    (link, grant, keep) => house.banks.balance(link.institutionId, grant, account.ref, keep, signal),
    signal,
  )
  if (answer.kind === 'ok') await rememberBalance(house, accountId, answer.value)
  if (answer.kind === 'account_unusable')
    await transact(house.sql, (tx) => deactivateLinkedAccounts(house, tx, { customerId, linkId, accountId }))
  return answer
}

/** The customer will not use this link: it is revoked at the bank by a job. */
export async function dropLink(tx: Tx, id: LinkId): Promise<void> {
  await markEnding(tx, id)
  await ask(tx, 'revoke-at-bank', { linkId: id })
}

/**
 * Ends the consent at the bank and forgets the tokens. Throws while the bank is unavailable, so that the job is tried
 * again.
 */
export async function revokeAtBank(house: House, id: LinkId): Promise<void> {
  const answer = await callBank(house, id, (link, grant, keep) => house.banks.revoke(link.institutionId, grant, keep))
  if (answer.kind === 'bank_unavailable') throw new Error('the bank is not available; the consent is revoked later')
  await transact(house.sql, (tx) => endLink(tx, id, 'revoked', house.now()))
}

/**
 * A merchant lets a customer go: nothing can be debited any more, account numbers are erased, and the consents are
 * ended at the banks by jobs. Payments and the authorizations' evidence stay. Again: nothing happens. Refuses:
 * customer_not_found.
 */
export async function forgetCustomer(house: House, merchantId: MerchantId, id: string): Promise<void> {
  const { id: customerId } = await getCustomer(house, merchantId, id)
  await transact(house.sql, async (tx) => {
    const customer = await holdCustomer(tx, customerId)
    for (const linkId of await listUsableLinks(tx, customerId)) await dropLink(tx, linkId)
    await forgetAccounts(house, tx, customer)
    await forgetOffers(tx, customerId)
  })
}

/** Seals grants again with the vault's present key. Answers how many there were. */
export const resealGrants = (house: House): Promise<number> =>
  resealAll(
    house.vault,
    async (after) =>
      (await listSealedGrants(house.sql, after)).map((row) => ({ ...row, context: grantContext(row.id) })),
    (row, sealed) => replaceSealedGrant(house.sql, row.id, row.sealed, sealed),
  )
