import type { Tx } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { AccountId } from '../kernel/id.ts'
import { resealAll } from '../net/reseal.ts'
import {
  insertCorrection,
  listSealedSides,
  type Numbers,
  replaceSealedSide,
  saveNumbers,
  takeNumbers,
} from './account-correction.store.ts'
import { numberContext } from './customer.commands.ts'

/** What a bank corrects. What is left out stays. */
export type Correction = Readonly<{
  accountNumber?: string
  routingNumber?: string
  transactionCode?: string
  name?: string
  individualId?: string
}>

/** Checking is 2x, savings 3x, whatever the direction. */
const typeOf = (transactionCode: string | undefined): Numbers['type'] | undefined =>
  transactionCode?.startsWith('2') ? 'checking' : transactionCode?.startsWith('3') ? 'savings' : undefined

/**
 * The bank says that an account is another than we knew. It is changed, and what it was and is stays on record, sealed.
 * An account that was erased meanwhile stays erased.
 */
export async function correctAccount(
  house: House,
  tx: Tx,
  id: AccountId,
  told: { code: string; reportId: string; correction: Correction },
): Promise<void> {
  const before = await takeNumbers(tx, id)
  if (!before || before.numberSealed === '') return
  const number = await house.vault.open(before.numberSealed, numberContext(id))
  const { accountNumber = number, routingNumber = before.routingNumber, transactionCode } = told.correction
  const type = typeOf(transactionCode) ?? before.type
  const newId = house.newId<'accountCorrection'>()
  const record = (what: object) => house.vault.seal(JSON.stringify(what), recordContext(newId))
  await saveNumbers(tx, id, {
    ...{ routingNumber, type, lastFour: accountNumber === number ? before.lastFour : accountNumber.slice(-4) },
    numberSealed: await house.vault.seal(accountNumber, numberContext(id)),
  })
  await insertCorrection(tx, {
    ...{ id: newId, accountId: id, reportId: told.reportId, code: told.code, at: house.now() },
    beforeSealed: await record({ accountNumber: number, routingNumber: before.routingNumber, type: before.type }),
    afterSealed: await record({ accountNumber, routingNumber, type }),
  })
}

const recordContext = (id: string): string => `account-correction:${id}`

/** What corrections were about, with the present key. Answers how many texts there were. */
export async function resealCorrections(house: House): Promise<number> {
  let count = 0
  for (const side of ['before_sealed', 'after_sealed'] as const)
    count += await resealAll(
      house.vault,
      async (after) =>
        (await listSealedSides(house.sql, side, after)).map((row) => ({ ...row, context: recordContext(row.id) })),
      (row, sealed) => replaceSealedSide(house.sql, side, row, sealed),
    )
  return count
}
