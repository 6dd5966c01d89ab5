/** The reasons for which an entry comes back, as far as a receiving bank or an operator may give them. */
export const returnCodes = {
  R01: 'Insufficient funds',
  R02: 'Account closed',
  R03: 'No account, or unable to locate it',
  R04: 'Account number of an impossible shape',
  R05: 'Unauthorized debit to a consumer account with a corporate code',
  R06: 'Returned at the originating bank’s request',
  R07: 'Authorization revoked by the customer',
  R08: 'Payment stopped',
  R09: 'Uncollected funds',
  R10: 'Customer says: originator unknown, or not authorized',
  R11: 'Customer says: not in accordance with the authorization',
  R12: 'Account sold to another bank',
  R13: 'Bank not qualified to participate, or routing number unknown',
  R14: 'Representative payee deceased',
  R15: 'Beneficiary or account holder deceased',
  R16: 'Account frozen',
  R17: 'File record edit criteria, or questionable circumstances',
  R18: 'Improper effective entry date',
  R19: 'Amount field error',
  R20: 'Non-transaction account',
  R21: 'Invalid company identification',
  R22: 'Invalid individual identification number',
  R23: 'Credit refused by the receiver',
  R24: 'Duplicate entry',
  R25: 'Addenda error',
  R26: 'Mandatory field error',
  R27: 'Trace number error',
  R28: 'Routing number check digit error',
  R29: 'Corporate customer says: not authorized',
  R31: 'Permissible return entry',
  R32: 'Receiving bank cannot settle',
  R33: 'Return of XCK entry',
  R34: 'Limited participation bank',
  R35: 'Improper debit entry',
  R36: 'Improper credit entry',
  R37: 'Source document presented for payment',
  R38: 'Stop payment on source document',
  R39: 'Improper source document',
  R51: 'Item related to an RCK entry is ineligible',
  R52: 'Stop payment on item related to an RCK entry',
  R53: 'Item and RCK entry presented for payment',
} as const
export type ReturnCode = keyof typeof returnCodes

/** The changes a bank may notify of. */
export const changeCodes = {
  C01: 'Incorrect account number',
  C02: 'Incorrect routing number',
  C03: 'Incorrect routing number and account number',
  C04: 'Incorrect name',
  C05: 'Incorrect transaction code',
  C06: 'Incorrect account number and transaction code',
  C07: 'Incorrect routing number, account number and transaction code',
  C09: 'Incorrect individual identification number',
  C13: 'Addenda format error',
  C14: 'Incorrect SEC code: should be IAT',
} as const
export type ChangeCode = keyof typeof changeCodes

export const isReturnCode = (code: unknown): code is ReturnCode => typeof code === 'string' && code in returnCodes
export const isChangeCode = (code: unknown): code is ChangeCode => typeof code === 'string' && code in changeCodes

/** For these a consumer has 60 days; every other return is due in two banking days. */
const sixtyDays: ReadonlySet<string> = new Set(['R05', 'R07', 'R10', 'R11', 'R33', 'R37', 'R38', 'R51', 'R52', 'R53'])
export const isTwoDayCode = (code: string): boolean => !sixtyDays.has(code)

/** Their addenda carry a date of death. */
export const tellsOfDeath = (code: string): boolean => code === 'R14' || code === 'R15'
