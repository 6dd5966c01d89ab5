import type { AccountKind, Temper } from '../banks/characters.ts'
import { addBankingDays, addDays, atEastern, type Day } from './banking-day.ts'
import type { ChangeCode, ReturnCode } from './codes.ts'
import { LATE_DAY, type Outcome } from './outcome.ts'
import { returnFileOf } from './windows.ts'

/** What a bank knows when an entry reaches it. */
export type Situation = Readonly<{
  direction: 'debit' | 'credit'
  amount: bigint
  /** Which kind of account the transaction code means. */
  meant: string
  hasPossibleNumber: boolean
  account:
    | Readonly<{
        kind: AccountKind
        status: 'OPEN' | 'CLOSED' | 'RESTRICTED'
        available: bigint
        temper: Temper
        /** The customer told the bank to pay this company no more. */
        isStopped: boolean
      }>
    | undefined
}>

/** What the bank does. An entry that is not posted comes back; one that is posted may come back later. */
export type Verdict =
  | Readonly<{ kind: 'return'; code: ReturnCode; deliverAt: Date }>
  | Readonly<{
      kind: 'post'
      later?: Readonly<{ code: ReturnCode; at: Date }>
      correction?: Readonly<{ code: ChangeCode; data?: string }>
    }>

const isDeposit = (kind: AccountKind): boolean => kind === 'checking' || kind === 'savings'

/** Why an account cannot take an entry, if it cannot. */
function problemOf({ direction, amount, hasPossibleNumber, account }: Situation): ReturnCode | undefined {
  if (!hasPossibleNumber) return 'R04'
  if (!account || account.temper === 'vanishes') return 'R03'
  if (account.status === 'CLOSED' || account.temper === 'closes') return 'R02'
  if (account.status === 'RESTRICTED' || account.temper === 'freezes') return 'R16'
  if (!isDeposit(account.kind)) return 'R20'
  // A prenote asks only whether the account is there.
  if (direction === 'credit' || amount === 0n) return undefined
  if (account.isStopped || account.temper === 'stops') return 'R08'
  if (account.available < amount || account.temper === 'drains') return 'R01'
  return undefined
}

/** The customer who disputes does so at ten in the morning. */
const DISPUTES_AT = '10:00'

/** The morning on which an entry that shall come back does so. */
function fileFor(outcome: Outcome & { kind: 'return' }, settled: Day): Date {
  if (outcome.afterDays !== undefined) return returnFileOf(addDays(settled, outcome.afterDays))
  return returnFileOf(addBankingDays(settled, outcome.afterBankingDays ?? 1))
}

/** Rules and magic amounts win over what the account says; a correction only adds to an entry that is posted. */
export function decide(situation: Situation, outcome: Outcome | undefined, settled: Day): Verdict {
  if (outcome?.kind === 'return') {
    const at = fileFor(outcome, settled)
    // Within two banking days the bank has not posted it; later it must have, and gives the money back.
    const isPosted = at > returnFileOf(addBankingDays(settled, 2))
    const { code } = outcome
    return isPosted ? { kind: 'post', later: { code, at } } : { kind: 'return', code, deliverAt: at }
  }
  if (outcome?.kind === 'correct')
    return {
      kind: 'post',
      correction: {
        code: outcome.code,
        ...(outcome.correctedData === undefined ? {} : { data: outcome.correctedData }),
      },
    }
  const code = problemOf(situation)
  if (code) return { kind: 'return', code, deliverAt: returnFileOf(addBankingDays(settled, 1)) }
  const { account, direction, amount, meant } = situation
  const disputes = account?.temper === 'disputes' && direction === 'debit' && amount > 0n
  return {
    kind: 'post',
    ...(disputes ? { later: { code: 'R10', at: atEastern(addDays(settled, LATE_DAY), DISPUTES_AT) } as const } : {}),
    ...(account && account.kind !== meant ? { correction: { code: 'C05' } as const } : {}),
  }
}
