import { Command, CommanderError } from 'commander'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openPayoutStory, type PayoutStory } from '../../test/payout-story.ts'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { openVault } from '../net/vault.ts'
import { resealPayoutNumbers } from '../payouts/payout-account.commands.ts'
import { merchantCommand } from './merchant-command.ts'
import { payoutsCommand } from './payouts-command.ts'

let t: TestHouse
let story: PayoutStory
beforeEach(async () => {
  t = await openTestHouse()
  story = await openPayoutStory(t)
})
afterEach(() => t.close())

/** What a person types when they are asked. */
const typed = '000123456789'

async function rialto(...words: string[]): Promise<{ out: string; note: string; code: number }> {
  const seen = { out: '', note: '', code: 0 }
  const say = (where: 'out' | 'note') => (text: string) => {
    seen[where] += `${text}\n`
  }
  const end = (code: number) => {
    seen.code = code
  }
  const terminal = { out: say('out'), note: say('note'), end, leave: end }
  const open = async () => ({ house: t.house, close: async () => undefined })
  const program = new Command('rialto')
    .addCommand(merchantCommand(open, terminal, async () => typed))
    .addCommand(payoutsCommand(open, terminal))
  await program.parseAsync(words, { from: 'user' }).catch((error) => {
    if (!(error instanceof CommanderError)) throw error
  })
  return seen
}
const account = (...words: string[]) => rialto('merchant', 'payout-account', story.merchantId, ...words)
const json = async (...words: string[]) => JSON.parse((await rialto(...words, '--json')).out)

it('sets a payout account by a number that is typed, not given, and shows its last four digits only', async () => {
  const set = await account('--routing', '021000021', '--type', 'savings', '--minimum', '25.50')
  expect(set).toEqual({ code: 0, note: '', out: 'payouts: savings …6789 at 021000021, from $25.50\n' })
  expect((await rialto('merchant', 'show', story.merchantId)).out).toContain(`  ${set.out}`)
  const [row] = await t.house.sql`select merchant::text as text from merchant where id = ${story.merchantId}`
  expect(row?.text).not.toContain(typed)
  expect(await json('merchant', 'payout-account', story.merchantId, '--pause', 'on')).toEqual({
    ...{ account: { routingNumber: '021000021', type: 'savings', accountLastFourDigits: '6789' }, minimum: 25.5 },
    paused: true,
  })
  expect((await account('--pause', 'off')).out).not.toContain('paused')
})

it('refuses an account that cannot be one, and a merchant whom nobody knows', async () => {
  expect(await account('--routing', '021000022')).toMatchObject({
    ...{ code: 1, out: '' },
    note: 'INVALID_REQUEST: The request is not valid.\n  routing must be nine digits with the right check digit\n',
  })
  const nobody = 'ffffffff-1180-7fec-ab66-ffc86f38d952'
  expect(await rialto('merchant', 'payout-account', nobody, '--routing', '021000021')).toMatchObject({
    ...{ code: 1, note: expect.stringContaining('There is no such merchant.') },
  })
  for (const words of [
    ['--minimum', 'much'],
    ['--type', 'gold'],
    ['--pause', 'maybe'],
  ])
    expect(await account(...words)).toMatchObject({ code: 2 })
})

it('runs, lists, shows and cancels payouts', async () => {
  await story.settled(10_000, 5_000)
  expect((await rialto('payouts', 'list')).out).toBe('There are no payouts yet.\n')
  story.nextDay()
  story.nextDay()
  expect((await rialto('payouts', 'run')).out).toBe('payouts of 2026-01-07: 1 made\n')
  expect((await rialto('payouts', 'run', '--day', '2026-01-07')).out).toBe('payouts of 2026-01-07: 0 made\n')
  const { payouts } = await json('payouts', 'list', '--status', 'accepted', '--merchant', story.merchantId)
  expect(payouts).toMatchObject([{ status: 'accepted', amountCents: '15000', accountLastFourDigits: '0001' }])
  const { out } = await rialto('payouts', 'show', payouts[0].id)
  expect(out).toContain('  gross                      2           $150.00\n')
  expect(out).toContain('2026-01-07T22:00:00.000Z  accepted')
  expect((await rialto('payouts', 'cancel', payouts[0].id, '--by', 'ada')).code).toBe(0)
  const again = await rialto('payouts', 'cancel', payouts[0].id, '--by', 'ada')
  expect(again).toMatchObject({ code: 1, note: expect.stringContaining('cannot do that from its present state') })
  expect((await json('payouts', 'show', payouts[0].id)).moves[1].fact).toEqual({ kind: 'canceled', by: 'ada' })
  expect(await rialto('payouts', 'show', story.merchantId)).toMatchObject({ code: 1 })
})

it('pauses and resumes a merchant’s payouts, and pays out no day to come', async () => {
  await rialto('payouts', 'pause', story.merchantId)
  expect((await account()).out).toContain('paused')
  await rialto('payouts', 'resume', story.merchantId)
  expect((await account()).out).not.toContain('paused')
  expect(await rialto('payouts', 'run', '--day', '2026-01-06')).toMatchObject({
    ...{ code: 1, note: expect.stringContaining('day is a day to come') },
  })
  expect(await rialto('payouts', 'run', '--day', '2026-01-04')).toMatchObject({ code: 2 })
})

it('shows an example in the help of every verb', async () => {
  for (const verb of ['run', 'list', 'show', 'cancel', 'pause', 'resume'])
    expect((await rialto('payouts', verb, '--help')).out).toContain(`Example:\n  rialto payouts ${verb}`)
})

it('seals the numbers again after the vault has a new key', async () => {
  await story.settled(10_000)
  story.nextDay()
  story.nextDay()
  await story.run()
  const newKey = { id: 'new', bytes: t.house.random(32) }
  const vault = openVault([newKey, t.vaultKey])
  expect(await resealPayoutNumbers({ ...t.house, vault })).toBe(2)
  expect(await resealPayoutNumbers({ ...t.house, vault })).toBe(0)
  const [row] = await t.house.sql<{ sealed: string }[]>`select number_sealed as sealed from payout`
  expect(await openVault([newKey]).open(row?.sealed ?? '', `payout-account:${story.merchantId}`)).toBe('4400000001')
})
