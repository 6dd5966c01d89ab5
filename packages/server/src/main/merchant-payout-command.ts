import { type Command, InvalidArgumentError, Option } from 'commander'
import type { House } from '../house.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import {
  getPayee,
  type Payee,
  pausePayouts,
  setPayoutAccount,
  setPayoutMinimum,
} from '../payouts/payout-account.commands.ts'
import { type Ask, askSecretly } from './ask-secretly.ts'
import * as line from './command-line.ts'

/** `rialto merchant payout-account`: where a merchant's money goes. Without an option, it is shown. */
export function addPayoutVerb(parent: Command, run: line.Run, aMerchant: string, ask: Ask = askSecretly): void {
  const says = 'where payouts go, and whether; the account number is asked for, or read from the standard input'
  line
    .addVerb(parent, 'payout-account', says, `rialto merchant payout-account ${aMerchant} --routing 021000021`)
    .argument('<merchantId>', 'from rialto merchant list', line.idArgument)
    .option('--routing <number>', "the merchant's bank: nine digits")
    .addOption(new Option('--type <type>', 'of the account').choices(['checking', 'savings']).default('checking'))
    .addOption(new Option('--minimum <dollars>', 'less than this waits for another day').argParser(dollarsFrom))
    .addOption(new Option('--pause <on|off>', 'while on, what is available stays').choices(['on', 'off']))
    .action(
      run(async (house, { args: [id], options }) => {
        const merchantId = id as MerchantId
        await getPayee(house, merchantId)
        if (options.routing !== undefined) {
          const number = await ask('Account number: ')
          const account = { routingNumber: String(options.routing), number, type: String(options.type) }
          await setPayoutAccount(house, merchantId, account)
        }
        const minimum = options.minimum as unknown as Money | undefined
        if (minimum) await setPayoutMinimum(house, merchantId, minimum)
        if (options.pause !== undefined) await pausePayouts(house, merchantId, options.pause === 'on')
        return shownPayee(house, merchantId)
      }),
    )
}

/** How a merchant is paid out, the account by its last four digits. */
export async function shownPayee(house: House, merchantId: MerchantId): Promise<{ json: object; text: string }> {
  const { account, minimum, paused }: Payee = await getPayee(house, merchantId)
  const masked = account && {
    routingNumber: account.routingNumber,
    type: account.type,
    accountLastFourDigits: account.lastFour,
  }
  const where = account ? `${account.type} …${account.lastFour} at ${account.routingNumber}` : 'no account yet'
  const text = `payouts: ${where}, from ${Money.format(minimum)}${paused ? ', paused' : ''}`
  return { json: { account: masked, minimum: Money.toWire(minimum).value, paused }, text }
}

function dollarsFrom(text: string): Money {
  const amount = /^\d{1,10}(\.\d{1,2})?$/.test(text) ? Money.fromWire(Number(text)) : undefined
  if (!amount) throw new InvalidArgumentError('It is not an amount of dollars, such as 10.00.')
  return amount
}
