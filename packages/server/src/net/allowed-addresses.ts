import { readAddress, readRange } from './address.ts'

/** Larger than any private network. Whoever allows more has turned the protection off, perhaps by a typing mistake. */
const widest = { 32: 8, 128: 7 } as const

/**
 * Reads an operator's list of addresses that may be called although they are not public: ranges (`10.1.0.0/16`) and
 * single addresses (`::1`), between commas or spaces. Host names are not taken: a name leads wherever its owner says.
 * Answers every problem at once, each naming the entry and what to write instead.
 */
export function parseAllowedAddresses(text: string): { ranges: readonly string[] } | { problems: readonly string[] } {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '')
  const problems = entries.flatMap((entry) => {
    const problem = problemWith(entry)
    return problem ? [`'${entry}' ${problem}`] : []
  })
  return problems.length > 0 ? { problems } : { ranges: entries }
}

function problemWith(entry: string): string | undefined {
  const [base = '', prefix] = entry.split('/')
  const address = readAddress(base)
  if (!address)
    return 'is not an address or a range; use numbers such as 10.1.2.3, 10.1.0.0/16 or fd00:1::/32, not names'
  const range = readRange(entry)
  if (range)
    return range.prefix < widest[range.bits]
      ? `is too wide; list the networks that you mean, none wider than /${widest[range.bits]}`
      : undefined
  return /^\d+$/.test(prefix ?? '') && Number(prefix) <= (base.includes(':') ? 128 : 32)
    ? `has bits set after the first ${prefix}; use the first address of the range, or the address alone`
    : `has a wrong length after the slash; use a number up to ${base.includes(':') ? 128 : 32}`
}
