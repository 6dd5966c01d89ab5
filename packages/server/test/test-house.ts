import { createHash, randomBytes } from 'node:crypto'
import pino from 'pino'
import { inject } from 'vitest'
import type { BankConnector } from '../src/banks/bank-connector.ts'
import { connect } from '../src/db/connect.ts'
import type { House, Settings } from '../src/house.ts'
import { idMaker } from '../src/kernel/id.ts'
import type { Letter } from '../src/net/mail.ts'
import { openOutbound } from '../src/net/outbound.ts'
import { openVault, type VaultKey } from '../src/net/vault.ts'
import { dropDatabase } from './drop-database.ts'
import { type MemoryDrop, openMemoryDrop } from './memory-drop.ts'
import { databaseUrl } from './postgres.setup.ts'
import { testBank } from './test-bank-settings.ts'

export type TestHouse = Readonly<{
  house: House
  databaseUrl: string
  vaultKey: VaultKey
  /**
   * `forward`: time passes, for the house and on the wall alike. Setting `now` turns house time alone, as advancing a
   * clock does: see advance.ts.
   */
  clock: { now: Date; real: Date; forward(ms: number): void }
  /** The drop of the originating bank `meridian`; the test is the bank. */
  bankDrop: MemoryDrop
  /** Where reports are put, for every merchant. */
  reportDrop: MemoryDrop
  /** The e-mails that were sent. */
  letters: readonly Letter[]
  /** Every log line so far, as one text. */
  logged(): string
  close(): Promise<void>
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

type Server = Readonly<{ postgresUrl: string; templateDatabase: string }>

/** `server`: otherwise the one of all tests. */
type Lent = Partial<Pick<House, 'banks' | 'originatingBanks'>> & { settings?: Partial<Settings>; server?: Server }

const serverOfAll = (): Server => ({
  postgresUrl: inject('postgresUrl'),
  templateDatabase: inject('templateDatabase'),
})

/** A house on its own database, cloned from the migrated template, with a clock to turn and ids one can predict. */
export async function openTestHouse(lent: Lent = {}): Promise<TestHouse> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const { postgresUrl, templateDatabase } = lent.server ?? serverOfAll()
  const admin = connect(postgresUrl, { max: 1 })
  await admin`create database ${admin(name)} template ${admin(templateDatabase)}`
  const url = databaseUrl(postgresUrl, name)
  const sql = connect(url, { max: 10 })
  const clock = {
    now: new Date('2026-01-05T15:00:00.000Z'),
    real: new Date('2026-01-05T15:00:00.000Z'),
    forward(ms: number) {
      clock.now = new Date(clock.now.getTime() + ms)
      clock.real = new Date(clock.real.getTime() + ms)
    },
  }
  const vaultKey: VaultKey = { id: 'test', bytes: randomBytes(32) }
  const bankDrop = openMemoryDrop()
  const reportDrop = openMemoryDrop()
  const lines: string[] = []
  const letters: Letter[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const house: House = {
    sql,
    now: () => clock.now,
    realNow: () => clock.real,
    newId: idMaker(() => clock.now, countedBytes()),
    random: randomBytes,
    settings: { ...settings, ...lent.settings },
    banks: lent.banks ?? noBanks,
    originatingBanks: lent.originatingBanks ?? [testBank()],
    drop: () => bankDrop.drop,
    reportDrop: () => reportDrop.drop,
    vault: openVault([vaultKey]),
    mail: { send: async (letter) => void letters.push(letter) },
    outbound: openOutbound({ allow: settings.endpoints.allow }),
    log,
  }
  return {
    house,
    databaseUrl: url,
    vaultKey,
    clock,
    bankDrop,
    reportDrop,
    letters,
    logged: () => lines.join(''),
    async close() {
      await house.outbound.close()
      await sql.end({ timeout: 2 })
      await dropDatabase(admin, name)
      await admin.end()
    },
  }
}

/** The same bytes in every run, so that a story's ids are the same too. */
function countedBytes(): (bytes: number) => Buffer {
  let count = 0
  return (bytes) => {
    const blocks = Array.from({ length: Math.ceil(bytes / 32) }, () =>
      createHash('sha256').update(`${count++}`).digest(),
    )
    return Buffer.concat(blocks).subarray(0, bytes)
  }
}

const nobody = () => Promise.resolve({ kind: 'bank_unavailable' } as const)
const noBanks: BankConnector = {
  institutions: () => [],
  search: () => [],
  begin: nobody,
  finish: nobody,
  signIn: nobody,
  answerCode: nobody,
  balance: nobody,
  numbers: nobody,
  revoke: nobody,
}
