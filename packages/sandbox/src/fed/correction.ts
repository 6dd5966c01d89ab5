import { describeTransactionCode, toAchText, transactionCode, writeCorrection } from '@rialto/nacha'
import { findReceiver } from '../banks/receiver.ts'
import type { Tx } from '../db/connect.ts'
import type { ChangeCode } from './codes.ts'
import { addNumber } from './number.store.ts'

const LONGEST_NAME = 22
const LONGEST_ID = 22

/** The entry a bank wants written otherwise next time, and the account it reached. */
export type Corrected = Readonly<{
  routingNumber: string
  accountNumber: string
  transactionCode: number
  individualId: string
  individualName: string
  account: Readonly<{ id: string; bank: string; kind: string; holder: string }> | undefined
  /** Set when the account has a new number of its own accord. */
  newNumber?: string | undefined
}>

/** The routing number of the bank that took this one over, or the other way round. */
function otherRoutingNumber(routingNumber: string): string {
  const numbers = findReceiver(routingNumber)?.routingNumbers ?? [routingNumber]
  const [first = routingNumber] = numbers
  const last = numbers.at(-1) ?? first
  return routingNumber === last ? first : last
}

/** The code of the right kind of account; where it was right already, of the other kind, so that something changes. */
function otherTransactionCode(code: number, kind: string | undefined): number {
  const meant = describeTransactionCode(code)
  if (!meant) return code
  const account = kind === 'savings' || kind === 'checking' ? kind : 'checking'
  const right = account === meant.account ? (account === 'checking' ? 'savings' : 'checking') : account
  return transactionCode({ ...meant, account: right })
}

async function otherNumber(tx: Tx, entry: Corrected, at: Date): Promise<string> {
  if (entry.newNumber) return entry.newNumber
  if (!entry.account) return entry.accountNumber
  const { id: accountId, bank } = entry.account
  return addNumber(tx, { bank, accountId, number: entry.accountNumber, at })
}

/**
 * What a notification of change says: 29 characters, laid out as its code wants it. What it names works: an entry that
 * follows the correction reaches the account.
 */
export async function correctedData(tx: Tx, code: ChangeCode, entry: Corrected, at: Date): Promise<string> {
  const routingNumber = otherRoutingNumber(entry.routingNumber)
  const right = otherTransactionCode(entry.transactionCode, entry.account?.kind)
  switch (code) {
    case 'C01':
      return writeCorrection(code, { accountNumber: await otherNumber(tx, entry, at) })
    case 'C02':
      return writeCorrection(code, { routingNumber })
    case 'C03':
      return writeCorrection(code, { routingNumber, accountNumber: await otherNumber(tx, entry, at) })
    case 'C04': {
      const individualName = toAchText(entry.account?.holder ?? `${entry.individualName} JR`, LONGEST_NAME)
      return writeCorrection(code, { individualName })
    }
    case 'C05':
      return writeCorrection(code, { transactionCode: right })
    case 'C06':
      return writeCorrection(code, { accountNumber: await otherNumber(tx, entry, at), transactionCode: right })
    case 'C07': {
      const accountNumber = await otherNumber(tx, entry, at)
      return writeCorrection(code, { routingNumber, accountNumber, transactionCode: right })
    }
    case 'C09':
      return writeCorrection(code, { individualId: `ID ${entry.individualId}`.slice(0, LONGEST_ID) })
    default:
      return ''
  }
}
