import { type Bank, banks } from './bank.ts'

/** A bank that ACH entries can be sent to. */
export type Receiver = Readonly<{
  slug: string
  name: string
  /** The first is the one the bank gives out. The last is of a bank it took over: a correction may name it. */
  routingNumbers: readonly string[]
  /** What an account number of this bank looks like. Another shape cannot be one. */
  numberShape: RegExp
}>

/** Where the platform keeps its money, and its merchants may keep theirs. It has no pages and no data interface. */
export const meridian = {
  slug: 'meridian',
  name: 'Meridian Trust',
  routingNumbers: ['044444444', '088888888'],
  numberShape: /^44\d{8}$/,
} as const satisfies Receiver

const takenOver: Readonly<Record<string, string>> = {
  'finbank-oauth': '055555555',
  'finbank-profiles-a': '066666666',
  'finbank-profiles-b': '077777777',
}

function toReceiver(bank: Bank): Receiver {
  const token = bank.tokenRoutingNumber
  const former = takenOver[bank.slug]
  return {
    slug: bank.slug,
    name: bank.name,
    routingNumbers: [bank.routingNumber, ...(token ? [token] : []), ...(former ? [former] : [])],
    numberShape: token ? new RegExp(`^(4${bank.mark}\\d{8}|9\\d{10})$`) : new RegExp(`^4${bank.mark}\\d{8}$`),
  }
}

const receivers: readonly Receiver[] = [...banks.map(toReceiver), meridian]

const byRoutingNumber: ReadonlyMap<string, Receiver> = new Map(
  receivers.flatMap((bank) => bank.routingNumbers.map((number) => [number, bank] as const)),
)

export const findReceiver = (routingNumber: string): Receiver | undefined => byRoutingNumber.get(routingNumber)

export const receiverOf = (slug: string): Receiver | undefined => receivers.find((bank) => bank.slug === slug)
