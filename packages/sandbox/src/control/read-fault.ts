import { banks } from '../banks/bank.ts'
import { type Fault, faultNames, faultResources } from '../faults/fault.ts'

const slugs = banks.map((bank) => bank.slug)

/** A whole number in a range, null when absent, undefined when it is something else. */
function readNumber(value: unknown, most: number): number | null | undefined {
  if (value === undefined || value === null) return null
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most ? value : undefined
}

/** Reads the body of POST /control/faults. A string is what is wrong with it. */
export function readFault(body: unknown, fresh: Readonly<{ id: string; createdAt: Date }>): Fault | string {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const bank = slugs.find((slug) => slug === given.bank)
  if (!bank) return `bank is one of ${slugs.join(', ')}`
  const kind = faultNames.find((name) => name === given.kind)
  if (!kind) return `kind is one of ${faultNames.join(', ')}`
  const resource = faultResources.find((name) => name === given.resource)
  if (!resource && given.resource !== undefined && given.resource !== null)
    return `resource is one of ${faultResources.join(', ')}, or absent for all of them`
  const login = given.login ?? null
  if (login !== null && typeof login !== 'string') return 'login is text, or absent for every customer'
  const delayMs = readNumber(given.delayMs, 60_000)
  if (delayMs === undefined) return 'delayMs is a whole number from 1 to 60000'
  const timesLeft = readNumber(given.times, 1_000)
  if (timesLeft === undefined) return 'times is a whole number from 1 to 1000, or absent for every call'
  return { ...fresh, bank, login, kind, resource: resource ?? null, delayMs, timesLeft }
}
