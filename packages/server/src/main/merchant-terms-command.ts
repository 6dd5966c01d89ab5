import { type Command, InvalidArgumentError, Option } from 'commander'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { getMerchant, getTerms } from '../merchants/merchant.queries.ts'
import { setTerms } from '../merchants/merchant-terms.commands.ts'
import type { MerchantTerms } from '../merchants/merchant-terms.ts'
import * as line from './command-line.ts'
import { shownPayee } from './merchant-payout-command.ts'

/** How a term is written on the command line, what it says, and how people read it. */
type Term = Readonly<{
  flag: string
  argument: string
  says: string
  read: (text: string) => unknown
  write: (value: never) => string
  choices?: readonly string[]
}>

const asText = { read: (text: string) => text, write: (value: string | null) => value ?? '-' }
const asNumber = { argument: '<number>', read: numberFrom, write: (value: number) => String(value) }
const asDollars = { argument: '<dollars>', read: dollarsFrom, write: (value: Money) => Money.format(value) }
const asSwitch = {
  argument: '<on|off>',
  choices: ['on', 'off'],
  read: (text: string) => text === 'on',
  write: (value: boolean) => (value ? 'on' : 'off'),
}
const oneOf = (...choices: string[]) => ({ argument: `<${choices.join('|')}>`, choices, ...asText })

/** Every term there is, in the order in which they are shown. Forgetting one does not compile. */
const terms: Readonly<Record<keyof MerchantTerms, Term>> = {
  feeFixed: { flag: 'fee-fixed', says: 'what each settled payment costs the merchant', ...asDollars },
  feeBps: { flag: 'fee-bps', says: 'and what share of it, in hundredths of a percent', ...asNumber },
  returnFee: { flag: 'return-fee', says: 'what each returned payment costs', ...asDollars },
  feeKeptOnReturn: {
    flag: 'keep-fee-on-return',
    says: 'whether the fee of a payment that came back is kept',
    ...asSwitch,
  },
  holdsPayments: {
    flag: 'hold-payments',
    says: 'approved payments wait until the merchant releases them',
    ...asSwitch,
  },
  fundsHoldDays: { flag: 'hold-days', says: 'banking days from settlement until money may be paid out', ...asNumber },
  unsentRefund: {
    flag: 'unsent-refund',
    says: 'when a payment that was not sent is refunded: wait for it to settle, or cancel it',
    ...oneOf('wait', 'cancel'),
  },
  overdraftLimit: { flag: 'overdraft-limit', says: "how far refunds may overdraw the merchant's money", ...asDollars },
  retryPolicy: {
    flag: 'retry',
    says: 'how payments that came back for lack of funds are retried',
    ...oneOf('manual', 'automatic'),
  },
  retryAfterDays: { flag: 'retry-after-days', says: 'banking days until an automatic retry', ...asNumber },
  entryDescription: {
    ...{ flag: 'entry-description', argument: '<text>' },
    says: 'what bank statements call a debit, 10 capitals at most; for goods bought online it has to be PURCHASE',
    ...asText,
  },
  companyName: {
    ...{ flag: 'company-name', argument: '<name>', ...asText },
    says: "the name on bank statements, 16 characters at most; empty: made from the merchant's name",
  },
  sameDay: { flag: 'same-day', says: 'settle on the same day where the bank can', ...asSwitch },
  originatingBank: {
    ...{ flag: 'originating-bank', argument: '<id>', ...asText },
    says: 'who sends the entries; empty: the first originating bank there is',
  },
}

const members = Object.keys(terms) as (keyof MerchantTerms)[]

/** `rialto merchant show` and `rialto merchant set`. */
export function addTermsVerbs(parent: Command, run: line.Run, aMerchant: string): void {
  line
    .addVerb(parent, 'show', 'a merchant and its terms', `rialto merchant show ${aMerchant}`)
    .argument('<merchantId>', 'from rialto merchant list', line.idArgument)
    .action(
      run(async (house, { args: [id] }) => {
        const merchant = await getMerchant(house, id as MerchantId)
        const { json, text } = shown(merchant, await getTerms(house, merchant.id))
        const payouts = await shownPayee(house, merchant.id)
        return { json: { ...(json as object), payouts: payouts.json }, text: `${text}\n  ${payouts.text}` }
      }),
    )
  const set = line
    .addVerb(
      parent,
      'set',
      "change a merchant's terms",
      `rialto merchant set ${aMerchant} --fee-fixed 0.25 --fee-bps 80`,
    )
    .argument('<merchantId>', 'from rialto merchant list', line.idArgument)
  for (const { flag, argument, says, choices, read } of Object.values(terms)) {
    const option = new Option(`--${flag} ${argument}`, says)
    set.addOption(choices ? option.choices(choices) : option.argParser(read))
  }
  set.action(
    run(async (house, { args: [id], options }) => {
      const given = members.flatMap((member): [string, unknown][] => {
        const { flag, choices, read } = terms[member]
        const value = options[camel(flag)] as unknown
        return value === undefined ? [] : [[member, choices ? read(String(value)) : value]]
      })
      const after = await setTerms(house, id as MerchantId, Object.fromEntries(given))
      return shown(await getMerchant(house, id as MerchantId), after)
    }),
  )
}

function shown(merchant: { id: string; name: string; status: string }, agreed: MerchantTerms): line.Answer {
  const lines = members.map((member) => {
    const { flag, write } = terms[member]
    return `  ${flag.padEnd(20)}${write(agreed[member] as never)}`
  })
  const json = Object.fromEntries(
    members.map((member) => {
      const value = agreed[member]
      return [member, typeof value === 'object' && value !== null ? Money.toWire(value).value : value]
    }),
  )
  const { id, name, status } = merchant
  return { json: { id, name, status, terms: json }, text: [`${id}  ${name}  ${status}`, ...lines].join('\n') }
}

/** As commander names an option. */
const camel = (flag: string): string => flag.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase())

function numberFrom(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.')
  return Number(text)
}

function dollarsFrom(text: string): Money {
  const amount = /^\d{1,10}(\.\d{1,2})?$/.test(text) ? Money.fromWire(Number(text)) : undefined
  if (!amount) throw new InvalidArgumentError('It is not an amount of dollars, such as 0.25.')
  return amount
}
