/** An account number for the eyes: its last four, or nothing of one that is hardly longer. */
export const lastFour = (accountNumber: string): string => `…${accountNumber.length > 4 ? accountNumber.slice(-4) : ''}`

/** Fields that hold an account number, whose text no message may quote. */
export const isSecret = (field: string): boolean => field === 'accountNumber' || field === 'correctedData'
