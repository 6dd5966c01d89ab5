import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import { isRoutingNumber } from '../kernel/routing-number.ts'
import { resealAll } from '../net/reseal.ts'
import {
  findPayee,
  listSealedAccounts,
  type Payee,
  replaceSealedAccount,
  saveAccount,
  saveMinimum,
  savePaused,
  takePayee,
} from './payee.store.ts'
import { listSealed, replaceSealed } from './payout.store.ts'
import { type PayoutAccount, payoutNumberContext } from './payout.ts'

const refuse = (member: string, message: string): never => {
  throw new Refusal('invalid_request', { errors: [{ pointer: `/${member}`, code: 'invalid', message }] })
}

export type NewPayoutAccount = Readonly<{ routingNumber: string; number: string; type: string }>

/**
 * From now on, payouts of a merchant go to this account; those that are made already keep theirs. The number is sealed,
 * and shown to nobody again. Refuses: invalid_request (routing number, account number, type), merchant_not_found.
 */
export async function setPayoutAccount(house: House, merchantId: MerchantId, given: NewPayoutAccount): Promise<void> {
  const { routingNumber, number, type } = given
  if (!isRoutingNumber(routingNumber)) refuse('routing', 'must be nine digits with the right check digit')
  if (!/^[0-9A-Za-z][0-9A-Za-z-]{3,16}$/.test(number)) refuse('number', 'must be 4 to 17 digits, letters and hyphens')
  if (type !== 'checking' && type !== 'savings') return refuse('type', 'must be checking or savings')
  const numberSealed = await house.vault.seal(number, payoutNumberContext(merchantId))
  const account: PayoutAccount = { routingNumber, type, lastFour: number.slice(-4), numberSealed }
  await transact(house.sql, async (tx) => {
    await takePayee(tx, merchantId)
    await saveAccount(tx, merchantId, account)
  })
}

/** Less than this waits for another day. Refuses: invalid_request (not above zero), merchant_not_found. */
export async function setPayoutMinimum(house: House, merchantId: MerchantId, minimum: Money): Promise<void> {
  if (!Money.isPositive(minimum)) refuse('minimum', 'must be more than 0')
  await transact(house.sql, async (tx) => {
    await takePayee(tx, merchantId)
    await saveMinimum(tx, merchantId, minimum)
  })
}

/**
 * While payouts are paused, what is available stays; those that are made already are sent. Refuses: merchant_not_found.
 */
export function pausePayouts(house: House, merchantId: MerchantId, paused: boolean): Promise<void> {
  return transact(house.sql, async (tx) => {
    await takePayee(tx, merchantId)
    await savePaused(tx, [merchantId], paused)
  })
}

/** How a merchant is paid out. Refuses: merchant_not_found. */
export type { Payee } from './payee.store.ts'
export async function getPayee(house: House, merchantId: MerchantId): Promise<Payee> {
  const payee = await findPayee(house.sql, merchantId)
  if (!payee) throw new Refusal('merchant_not_found', { id: merchantId })
  return payee
}

/** Seals the numbers of payout accounts again with the vault's present key. Answers how many there were. */
export async function resealPayoutNumbers(house: House): Promise<number> {
  const [accounts, payouts] = [
    { list: listSealedAccounts, replace: replaceSealedAccount },
    { list: listSealed, replace: replaceSealed },
  ].map(({ list, replace }) =>
    resealAll(
      house.vault,
      async (after) =>
        (await list(house.sql, after)).map((row) => ({ ...row, context: payoutNumberContext(row.merchantId) })),
      (row, sealed) => replace(house.sql, row.id, row.sealed, sealed),
    ),
  )
  return ((await accounts) ?? 0) + ((await payouts) ?? 0)
}
