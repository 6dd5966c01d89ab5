import { correctAccount } from '../../customers/account-correction.commands.ts'
import type { Tx } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { accountsOfPayments } from '../../payments/payment-move.queries.ts'
import type { FoundEntry } from './ach-entry.store.ts'
import { changeCode, readCorrection } from './change-code.ts'
import { changeContext } from './inbound.commands.ts'
import type { StoredReport } from './inbound.store.ts'

/**
 * A notification of change: the customer's account is as the bank says from now on. Answers a sentence when it cannot
 * be used. Nacha gives six banking days; this takes none.
 */
export async function applyCorrection(
  house: House,
  tx: Tx,
  report: StoredReport & { kind: 'corrected' },
  entry: FoundEntry,
): Promise<string | undefined> {
  if (entry.kind !== 'payment') return "A notification of change about a merchant's payout: ask the merchant."
  if (report.sealed === null) return 'The notification says nothing.'
  const said = await house.vault.open(report.sealed, changeContext(report.id))
  const correction = readCorrection(report.told.code, said)
  if (!correction) return `${report.told.code} does not say anything usable: ${changeCode(report.told.code).title}.`
  const accounts = await accountsOfPayments(tx, [entry.id])
  const account = accounts.get(entry.id)
  if (!account) return 'The account is gone.'
  await correctAccount(house, tx, account.accountId, { code: report.told.code, reportId: report.id, correction })
  return undefined
}
