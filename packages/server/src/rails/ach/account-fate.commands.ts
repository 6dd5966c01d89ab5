import { stopAccount } from '../../customers/customer.commands.ts'
import type { Tx } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { accountsOfPayments } from '../../payments/payment-move.queries.ts'
import { returnCode } from './return-code.ts'

/** What a return means for the account it came from: by the table of return codes, it may not be debited any more. */
export async function stopForReturn(
  house: House,
  tx: Tx,
  returned: readonly { id: string; code: string }[],
): Promise<void> {
  const fatal = returned.filter(({ code }) => returnCode(code).account !== 'keep')
  if (fatal.length === 0) return
  const accounts = await accountsOfPayments(
    tx,
    fatal.map(({ id }) => id),
  )
  for (const { id, code } of fatal) {
    const account = accounts.get(id)
    // Consent that is gone must be given again before this account is debited; a wrong number only has to be linked
    // anew.
    if (account) await stopAccount(house, tx, account, { endMandates: returnCode(code).account === 'freeze' })
  }
}
