import { type Command, InvalidArgumentError, Option } from 'commander'
import type { House } from '../house.ts'
import { type BankingDay, easternDay, isBankingDay, onOrAfter, parseDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import { cancelPayout } from '../payouts/payout.commands.ts'
import { runPayouts } from '../payouts/payout.jobs.ts'
import { getPayout, listMoves, listPayouts, type PayoutWithLines } from '../payouts/payout.queries.ts'
import { moves, type Payout, type PayoutId, type PayoutStatus } from '../payouts/payout.ts'
import { pausePayouts } from '../payouts/payout-account.commands.ts'
import * as line from './command-line.ts'

const aPayout = '019b8eac-1180-7fec-ab66-ffc86f38d952'
const aMerchant = '019b8eac-1180-7b86-b273-ff34fce19d6b'
const statuses = Object.keys(moves).filter((status) => status !== 'drafted')
const pageSize = 100

/** `rialto payouts …`: what merchants were paid out, and making it happen. */
export function payoutsCommand(openHouse: line.OpenHouse, terminal: line.Terminal = line.processTerminal): Command {
  const payouts = line.openCommand('payouts', 'what merchants are paid out, and when', terminal)
  const run = line.runIn(openHouse, terminal)
  addReadingVerbs(payouts, run)
  line
    .addVerb(payouts, 'run', 'pay everybody out now; who was paid out on this day is left alone', 'rialto payouts run')
    .option('--day <day>', 'a banking day, today or earlier; today unless said otherwise', dayArgument)
    .action(run((house, { options }) => payOut(house, options.day as BankingDay | undefined)))
  line
    .addVerb(payouts, 'cancel', 'stop a payout that is in no file yet', `rialto payouts cancel ${aPayout} --by ada`)
    .argument('<payoutId>', 'from rialto payouts list', line.idArgument)
    .requiredOption('--by <name>', 'who you are')
    .action(
      run(async (house, { args: [id = ''], options }) => {
        const payout = await cancelPayout(house, id as PayoutId, String(options.by).slice(0, 100))
        return { json: { done: 'cancel', id: payout.id }, text: `cancel: ${payout.id}` }
      }),
    )
  for (const [name, says, paused] of [
    ['pause', 'keep what is available to a merchant; payouts that are made already are sent', true],
    ['resume', 'pay a merchant out again', false],
  ] as const)
    line
      .addVerb(payouts, name, says, `rialto payouts ${name} ${aMerchant}`)
      .argument('<merchantId>', 'from rialto merchant list', line.idArgument)
      .action(
        run(async (house, { args: [id = ''] }) => {
          await pausePayouts(house, id as MerchantId, paused)
          return { json: { done: name, id }, text: `${name}: ${id}` }
        }),
      )
  return payouts
}

function addReadingVerbs(payouts: Command, run: line.Run): void {
  line
    .addVerb(payouts, 'list', 'the newest hundred payouts', 'rialto payouts list --status accepted')
    .option('--merchant <merchantId>', 'from rialto merchant list', line.idArgument)
    .addOption(new Option('--status <status>', 'only these').choices(statuses))
    .option('--before <payoutId>', 'those that came before this one', line.idArgument)
    .action(
      run(async (house, { options }) => {
        const status = options.status as PayoutStatus | undefined
        const found = await listPayouts(house, (options.merchant as MerchantId | undefined) ?? null, {
          ...{ limit: pageSize, after: (options.before as string | undefined) ?? null, from: null, to: null },
          statuses: status ? [status] : null,
        })
        const text = found.map(({ payout }) => summary(payout)).join('\n')
        return { json: { payouts: found.map(inJson) }, text: text || 'There are no payouts yet.' }
      }),
    )
  line
    .addVerb(payouts, 'show', 'a payout: what it is made of, and what happened to it', `rialto payouts show ${aPayout}`)
    .argument('<payoutId>', 'from rialto payouts list', line.idArgument)
    .action(run((house, { args: [id = ''] }) => show(house, id)))
}

async function show(house: House, id: string): Promise<line.Answer> {
  const found = await getPayout(house, null, id)
  const { payout, lines } = found
  const diary = await listMoves(house, payout.id)
  const { routingNumber, type, lastFour } = payout.account
  return {
    json: { ...inJson(found), moves: diary },
    text: [
      summary(payout),
      `to ${type} …${lastFour} at ${routingNumber}`,
      ...lines.map(
        ({ kind, many, amount }) =>
          `  ${kind.padEnd(20)}${String(many).padStart(8)}${Money.format(Money.of(amount)).padStart(18)}`,
      ),
      ...diary.map(({ fact, at }) => `  ${at.toISOString()}  ${fact.kind}`),
    ].join('\n'),
  }
}

const summary = (payout: Payout): string =>
  `${payout.id}  ${payout.day}  ${payout.status.padEnd(9)}  ${Money.format(payout.amount)}  merchant ${payout.merchantId}`

const inJson = ({ payout, lines }: PayoutWithLines) => {
  const { id, merchantId, status, amount, day, effectiveOn, settledOn, account, createdAt } = payout
  return {
    ...{ id, merchantId, status, day, effectiveOn, settledOn, createdAt, amountCents: amount.minor.toString() },
    accountLastFourDigits: account.lastFour,
    ...(payout.status === 'returned' ? { returnCode: payout.returnCode } : {}),
    lines: lines.map(({ kind, many, amount: cents }) => ({ kind, count: many, amountCents: cents.toString() })),
  }
}

async function payOut(house: House, wanted: BankingDay | undefined): Promise<line.Answer> {
  const today = easternDay(house.now())
  if (wanted && wanted > onOrAfter(today)) {
    const message = 'is a day to come: its payouts are made then'
    throw new Refusal('invalid_request', { errors: [{ pointer: '/day', code: 'invalid', message }] })
  }
  const day = wanted ?? onOrAfter(today)
  const { made, failed } = await runPayouts(house, day)
  const text = `payouts of ${day}: ${made} made${failed > 0 ? `, ${failed} failed: the log says why` : ''}`
  return { json: { day, made, failed }, text, failed: failed > 0 }
}

function dayArgument(text: string): BankingDay {
  const day = parseDay(text)
  if (!day || !isBankingDay(day)) throw new InvalidArgumentError('It is not a banking day, such as 2026-01-05.')
  return day
}
