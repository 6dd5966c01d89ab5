import { type Command, InvalidArgumentError, Option } from 'commander'
import type { House } from '../house.ts'
import { type Day, parseDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { getMerchant } from '../merchants/merchant.queries.ts'
import { addThresholds, countReturns, holdWhenExceeded, liftHold } from '../risk/return-rate.commands.ts'
import { listThresholds, type ReturnRates, readReturnRates } from '../risk/return-rate.queries.ts'
import { percent, percentOfBps, rates, type Standing, type Thresholds } from '../risk/return-rate.ts'
import * as line from './command-line.ts'

const aMerchant = '019b8eac-1180-7fec-ab66-ffc86f38d952'
const fromList = 'from rialto merchant list'

/** `rialto risk …`: how many debits come back, and what follows from it. */
export function riskCommand(openHouse: line.OpenHouse, terminal: line.Terminal = line.processTerminal): Command {
  const risk = line.openCommand('risk', 'how many debits come back, and what follows from it', terminal)
  const run = line.runIn(openHouse, terminal)
  const ends = 'ends with 1 when a rate is exceeded'
  line
    .addVerb(risk, 'return-rates', `of the platform's debits, or a merchant's; ${ends}`, 'rialto risk return-rates')
    .option('--merchant <merchantId>', fromList, line.idArgument)
    .action(run((house, { options }) => returnRates(house, (options.merchant as MerchantId | undefined) ?? null)))
  addHoldVerbs(risk, run)
  addThresholdVerbs(risk, run)
  return risk
}

function addHoldVerbs(parent: Command, run: line.Run): void {
  line
    .addVerb(
      parent,
      'hold-when-exceeded',
      "whether a merchant's new debits are held when a rate is exceeded",
      `rialto risk hold-when-exceeded ${aMerchant} on`,
    )
    .argument('<merchantId>', fromList, line.idArgument)
    .argument('<on|off>', 'off at first', onOrOff)
    .action(
      run(async (house, { args: [id = '', choice] }) => {
        await holdWhenExceeded(house, id as MerchantId, choice === 'on')
        return { json: { id, holdWhenExceeded: choice === 'on' }, text: `hold when exceeded ${choice}: ${id}` }
      }),
    )
  line
    .addVerb(
      parent,
      'lift-hold',
      "let a merchant's new debits go again; not held anew until a rate is exceeded anew",
      `rialto risk lift-hold ${aMerchant} --by "Ada Byron" --why "the misuse was stopped"`,
    )
    .argument('<merchantId>', fromList, line.idArgument)
    .requiredOption('--by <name>', 'who decides it; it is kept', textArgument(100))
    .requiredOption('--why <reason>', 'it is kept', textArgument(500))
    .action(
      run(async (house, { args: [id = ''], options }) => {
        await liftHold(house, id as MerchantId, { by: String(options.by), why: String(options.why) })
        const note = 'Debits that were held wait for the merchant to release or cancel them.'
        return { json: { id, lifted: true }, text: `lifted: ${id}`, note }
      }),
    )
}

function addThresholdVerbs(parent: Command, run: line.Run): void {
  line
    .addVerb(parent, 'thresholds', 'from which day which rates are too high', 'rialto risk thresholds')
    .action(run((house) => thresholds(house)))
  line
    .addVerb(
      parent,
      'add-thresholds',
      'rates that are too high from a day on',
      'rialto risk add-thresholds --from 2027-01-01 --unauthorized 0.5 --administrative 3 --overall 15',
    )
    .requiredOption('--from <day>', 'the first day', dayArgument)
    .requiredOption('--unauthorized <percent>', 'such as 0.5', bpsArgument)
    .requiredOption('--administrative <percent>', 'such as 3', bpsArgument)
    .requiredOption('--overall <percent>', 'such as 15', bpsArgument)
    .addOption(new Option('--fewest <debits>', 'of fewer, a rate says nothing').default('100').argParser(countArgument))
    .action(
      run(async (house, { options }) => {
        const bps = Object.fromEntries(rates.map((rate) => [rate, Number(options[rate])])) as Thresholds['bps']
        await addThresholds(house, { from: options.from as Day, bps, fewestDebits: Number(options.fewest) })
        return thresholds(house)
      }),
    )
}

const words = {
  too_few: 'too few to judge',
  ok: 'ok',
  warning: 'WARNING: half of the limit or more',
  exceeded: 'EXCEEDED',
} as const satisfies Record<Standing, string>

/** Counted first, so that what is shown is as new as can be. */
async function returnRates(house: House, merchantId: MerchantId | null): Promise<line.Answer> {
  if (merchantId) await getMerchant(house, merchantId)
  await countReturns(house)
  const read = await readReturnRates(house, merchantId)
  const failed = read.spans.some(({ judged }) => judged.some(({ standing }) => standing === 'exceeded'))
  return { json: read, text: table(read), failed }
}

function table({ spans, thresholds: { bps, fewestDebits }, countedUntil, heldSince }: ReturnRates): string {
  const blocks = spans.map(({ from, to, debits, judged }) => [
    `${from} to ${to}: ${debits} debits${debits < fewestDebits ? `, fewer than ${fewestDebits}` : ''}`,
    ...judged.map(({ rate, returns, standing }) => {
      const share = `${percent(returns, debits)} %`.padStart(10)
      return `  ${rate.padEnd(15)} ${String(returns).padStart(9)} ${share} of ${percentOfBps(bps[rate]).padEnd(4)} %  ${words[standing]}`
    }),
  ])
  const until = countedUntil ? `Counted until ${countedUntil.toISOString()}.` : 'Nothing has been counted yet.'
  const held = heldSince ? [`New debits are held since ${heldSince.toISOString()}.`] : []
  return [...blocks.flat(), until, ...held].join('\n')
}

async function thresholds(house: House): Promise<line.Answer> {
  const all = await listThresholds(house)
  const lines = all.map(
    ({ from, bps, fewestDebits }) =>
      `${from}  ${rates.map((rate) => `${rate} ${percentOfBps(bps[rate])} %`).join('  ')}  of at least ${fewestDebits} debits`,
  )
  return { json: { thresholds: all }, text: lines.join('\n') }
}

function dayArgument(text: string): Day {
  const day = parseDay(text)
  if (day) return day
  throw new InvalidArgumentError('It is not a day: days look like 2026-01-05.')
}

function onOrOff(text: string): string {
  if (text === 'on' || text === 'off') return text
  throw new InvalidArgumentError('Say on or off.')
}

const textArgument =
  (longest: number) =>
  (text: string): string => {
    const trimmed = text.trim()
    if (trimmed.length >= 1 && trimmed.length <= longest) return trimmed
    throw new InvalidArgumentError(`Write 1 to ${longest} characters.`)
  }

/** Percent with at most two places, as basis points. */
function bpsArgument(text: string): string {
  const [, whole = '', places = ''] = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text) ?? []
  const bps = Number(whole + places.padEnd(2, '0'))
  if (whole !== '' && bps >= 1 && bps <= 10_000) return String(bps)
  throw new InvalidArgumentError('It is not a share in percent, such as 0.5.')
}

function countArgument(text: string): string {
  if (/^[1-9]\d{0,8}$/.test(text)) return text
  throw new InvalidArgumentError('It is not a number of debits.')
}
