import pino from 'pino'
import type { BankConnector } from '../../src/banks/bank-connector.ts'
import type { Sql } from '../../src/db/connect.ts'
import type { House, Settings } from '../../src/house.ts'
import { idMaker } from '../../src/kernel/id.ts'
import { Money } from '../../src/kernel/money.ts'
import { openVault } from '../../src/net/vault.ts'
import { type OriginatingBank, parseOriginatingBanks } from '../../src/rails/originating-bank.ts'
import { type MemoryDrop, openMemoryDrop } from '../memory-drop.ts'
import { type KillSwitch, mortalDrop, mortalSql, mortalVault, openKillSwitch } from './kill-switch.ts'
import { bytesOf, randomOf } from './random.ts'

/** A house whose every process may die, with nothing in it that another run of the same seed would not have. */
export type Deployment = Readonly<{
  /** As workers and the API have it. */
  house: House
  /** The same, immortal: for the pretend world and the auditor. */
  eternal: House
  kill: KillSwitch
  clock: { now: Date }
  bankDrop: MemoryDrop
}>

const settings: Settings = {
  environment: 'sandbox',
  apiUrl: 'http://localhost:4000',
  clientUrl: 'http://localhost:4001',
  secretPrefix: 'rialto_sandbox_',
  localRedirects: true,
  sessionLifeMs: 30 * 60_000,
  balanceBudgetMs: 2_500,
  eventsKeptDays: 400,
  endpoints: { allow: ['127.0.0.0/8', '::1'], allowHttp: true },
  decisionDeadlineMs: 15 * 60_000,
}

/** No merchant of the simulation has an endpoint. */
const noReceivers: House['outbound'] = {
  post: () => Promise.reject(new Error('nobody is to be called')),
  close: async () => undefined,
}

export function openDeployment(sql: Sql, seed: number, start: Date): Deployment {
  const random = randomOf(seed, 'deployment')
  const clock = { now: start }
  const kill = openKillSwitch()
  const bankDrop = openMemoryDrop()
  const vault = openVault([{ id: 'simulation', bytes: bytesOf(seed, 'vault')(32) }])
  const eternal: House = {
    sql,
    now: () => clock.now,
    realNow: () => clock.now,
    newId: idMaker(() => clock.now, bytesOf(seed, 'ids')),
    random: bytesOf(seed, 'random'),
    settings,
    banks: balances(seed, clock),
    originatingBanks: [pretendOriginator(random.chance(0.25), random.pick([2, 5, 1_000]))],
    drop: () => bankDrop.drop,
    reportDrop: () => bankDrop.drop,
    vault,
    outbound: noReceivers,
    mail: { send: () => Promise.reject(new Error('nobody is to be written to')) },
    log: pino({ level: 'silent' }),
  }
  const drop = mortalDrop(bankDrop.drop, kill)
  const house = { ...eternal, sql: mortalSql(sql, kill), vault: mortalVault(vault, kill), drop: () => drop }
  return { house, eternal, kill, clock, bankDrop }
}

/** Small files, so that a cut-off makes several. */
function pretendOriginator(requireTwoPersons: boolean, maxEntriesPerFile: number): OriginatingBank {
  const banks = parseOriginatingBanks([
    {
      ...{ id: 'meridian', name: 'Meridian Trust', odfi: '044444444', immediateOrigin: '1400000001' },
      ...{ destinationName: 'MERIDIAN TRUST', originName: 'RIALTO', companyId: '1400000001' },
      ...{ requireTwoPersons, maxEntriesPerFile, collectAt: ['08:45', '18:15'] },
      windows: [
        {
          from: '2022-03-18',
          cutOffs: [
            { at: '14:15', speed: 'same_day', mark: 'SD1445' },
            { at: '20:00', speed: 'standard' },
          ],
          sameDayLimit: '1000000.00',
        },
      ],
      drop: {},
    },
  ])
  if ('problems' in banks) throw new Error(banks.problems.join('; '))
  return banks[0] as OriginatingBank
}

const nobody = () => Promise.resolve({ kind: 'bank_unavailable' } as const)

/** Customers' banks: they tell balances, most of the time. */
function balances(seed: number, clock: { now: Date }): BankConnector {
  return {
    institutions: () => [],
    search: () => [],
    ...{ begin: nobody, finish: nobody, signIn: nobody, answerCode: nobody, numbers: nobody, revoke: nobody },
    balance: async (_institution, grant, ref) => {
      // Asked twice at the same moment, it tells the same: somebody may have died between.
      const random = randomOf(seed, 'balance', ref, clock.now.getTime())
      if (random.chance(0.3)) return { kind: 'bank_unavailable' }
      return { kind: 'ok', value: Money.of(BigInt(random.pick([500, 500_000_00]))), grant }
    },
  }
}
