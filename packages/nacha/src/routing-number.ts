import { isDigits } from './characters.ts'

const weights = [3, 7, 1, 3, 7, 1, 3, 7] as const

/** The ninth digit that belongs to eight. */
function checkDigitFor(digits: string): number {
  let sum = 0
  for (let i = 0; i < 8; i++) sum += (digits.charCodeAt(i) - 0x30) * (weights[i] as number)
  return (10 - (sum % 10)) % 10
}

/**
 * Government, Federal Reserve districts, thrifts, electronic, traveler's checks: what a routing number may begin with.
 */
export const isRoutingPrefix = (prefix: number): boolean =>
  prefix <= 12 || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix === 80

/** The common case without a sentence: true for what `routingNumberProblem` has nothing to say about. */
export function isRoutingNumber(routing: string): boolean {
  if (routing.length !== 9 || !isDigits(routing) || routing === '000000000') return false
  const prefix = (routing.charCodeAt(0) - 0x30) * 10 + routing.charCodeAt(1) - 0x30
  return isRoutingPrefix(prefix) && checkDigitFor(routing) === routing.charCodeAt(8) - 0x30
}

/**
 * What is wrong with a routing number, after "routing number …"; undefined for a good one, which need not be a bank's.
 */
export function routingNumberProblem(routing: string): string | undefined {
  if (isRoutingNumber(routing)) return undefined
  if (!/^\d{9}$/.test(routing)) return 'is not nine digits'
  if (routing === '000000000') return 'is all zeros'
  if (!isRoutingPrefix(Number(routing.slice(0, 2)))) return `begins with ${routing.slice(0, 2)}, which none does`
  return `has check digit ${routing[8]} where ${checkDigitFor(routing)} is right`
}
