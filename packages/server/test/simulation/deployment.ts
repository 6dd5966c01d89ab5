import pino from 'pino'
import type { BankConnector } from '../../src/banks/bank-connector.ts'
import type { Sql } from '../../src/db/connect.ts'
import type { House, Settings } from '../../src/house.ts'
import { idMaker } from '../../src/kernel/id.ts'
import { Money } from '../../src/kernel/money.ts'
import { openVault } from '../../src/net/vault.ts'
import { type OriginatingBank, parseOriginatingBanks } from '../../src/rails/originating-bank.ts'
import { type MemoryDrop, openMemoryDrop } from '../memory-drop.ts'
import { offsetAccount } from './inbound-files.ts'
import { type KillSwitch, openKillSwitch } from './kill-switch.ts'
import { mortalDrop, mortalSql, mortalVault } from './mortal.ts'
import { bytesOf, randomOf } from './random.ts'
import type { Lane } from './server.ts'
import { openTurns, type Turn, type Turns } from './together.ts'

/** A process of a house, which may die. */
export type Process = Readonly<{ house: House; kill: KillSwitch }>

/** A house whose every process may die, with nothing in it that another run of the same seed would not have. */
export type Deployment = Readonly<{
  /** As workers and the API have it. The second is at work when two are at once. */
  processes: readonly [Process, Process]
  turns: Turns
  /** The same house, immortal: for the pretend world and the auditor. */
  eternal: House
  clock: { now: Date }
  bankDrop: MemoryDrop
  reportDrop: MemoryDrop
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

export function openDeployment(lane: Lane, seed: number, start: Date): Deployment {
  const random = randomOf(seed, 'deployment')
  const clock = { now: start }
  const [bankDrop, reportDrop] = [openMemoryDrop(), openMemoryDrop()]
  const eternal: House = {
    sql: lane.sql,
    now: () => clock.now,
    realNow: () => clock.now,
    newId: idMaker(() => clock.now, bytesOf(seed, 'ids')),
    random: bytesOf(seed, 'random'),
    settings,
    banks: balances(seed, clock),
    originatingBanks: [
      pretendOriginator({
        requireTwoPersons: random.chance(0.25),
        maxEntriesPerFile: random.pick([2, 5, 1_000]),
        ...(random.chance(0.25) ? { balanced: true, offsetAccount } : {}),
      }),
    ],
    drop: () => bankDrop.drop,
    reportDrop: () => reportDrop.drop,
    vault: openVault([{ id: 'simulation', bytes: bytesOf(seed, 'vault')(32) }]),
    outbound: noReceivers,
    mail: { send: () => Promise.reject(new Error('nobody is to be written to')) },
    log: pino({ level: 'silent' }),
  }
  const turns = openTurns(lane.waits)
  const process = (sql: Sql, turn: Turn): Process => {
    const fate = { kill: openKillSwitch(), turn }
    const [drop, reports] = [mortalDrop(bankDrop.drop, fate), mortalDrop(reportDrop.drop, fate)]
    const outside = { drop: () => drop, reportDrop: () => reports, vault: mortalVault(eternal.vault, fate) }
    return { house: { ...eternal, sql: mortalSql(sql, fate), ...outside }, kill: fate.kill }
  }
  const processes = [process(lane.workers[0], turns.of[0]), process(lane.workers[1], turns.of[1])] as const
  return { processes, turns, eternal, clock, bankDrop, reportDrop }
}

/** Small files, so that a cut-off makes several; balanced ones where the bank wants that. */
function pretendOriginator(more: object): OriginatingBank {
  const banks = parseOriginatingBanks([
    {
      ...{ id: 'meridian', name: 'Meridian Trust', odfi: '044444444', immediateOrigin: '1400000001' },
      ...{ destinationName: 'MERIDIAN TRUST', originName: 'RIALTO', companyId: '1400000001' },
      ...{ collectAt: ['08:45', '18:15'], ...more },
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
