import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { openFdxConnector } from '../banks/fdx/connector.ts'
import { parseBanks } from '../banks/fdx/settings.ts'
import { connect } from '../db/connect.ts'
import { startEmbedded } from '../db/embedded.ts'
import { migrate, pendingMigrations } from '../db/migrate.ts'
import type { House } from '../house.ts'
import { idMaker } from '../kernel/id.ts'
import { StartProblem } from '../kernel/start-problem.ts'
import { openOutbound } from '../net/outbound.ts'
import { openVault } from '../net/vault.ts'
import type { TurnableClock } from '../simulations/turnable-clock.ts'
import { insistOnRealTime, openTurnableClock, random, realNow } from './clock.ts'
import type { Config } from './config.ts'
import { type Keys, keysOf, publicBankKeys } from './keys.ts'
import { openMail } from './mail.ts'
import { openOriginatingBanks } from './originating-banks.ts'
import { openReportDrops } from './report-drops.ts'
import { sandboxBanks, sandboxOriginatingBanks } from './sandbox-banks.ts'

export type OpenHouse = Readonly<{
  house: House
  databaseUrl: string
  /** The address of another database on the same server, made if it is missing; embedded only. */
  databaseBeside: ((name: string) => Promise<string>) | undefined
  bankClientKeys: ReturnType<typeof publicBankKeys>
  /** Undefined: house time is real time, as it always is in production. */
  clock: TurnableClock | undefined
  close(): Promise<void>
}>

/**
 * The composition root: the only place that knows which adapter stands behind each port.
 * `migrations`: run brings the database up to date; check refuses one that is behind.
 */
export async function openHouse(
  config: Config,
  migrations: 'run' | 'check' = 'run',
  logTo: 'stdout' | 'stderr' = 'stdout',
): Promise<OpenHouse> {
  const embedded = config.databaseUrl ? undefined : await startEmbedded(config.dataDir)
  const databaseUrl = config.databaseUrl ?? (await embedded?.database('rialto')) ?? ''
  const sql = connect(databaseUrl, { max: 20, byKey: true })
  let clock: Awaited<ReturnType<typeof openTurnableClock>> | undefined
  let house: House | undefined
  const close = async () => {
    await house?.outbound.close()
    await clock?.close()
    await sql.end({ timeout: 5 })
    await embedded?.stop()
  }
  try {
    await sql`select 1`.catch((cause: unknown) => {
      throw new StartProblem(`The database does not answer (${(cause as Error).message}); check DATABASE_URL.`, {
        cause,
      })
    })
    if (migrations === 'run') await migrate(sql, databaseUrl)
    if (migrations === 'check' && (await pendingMigrations(sql)).length > 0)
      throw new StartProblem('The database is older than this Rialto; run rialto migrate first.')
    const keys = await keysOf(config)
    const log = pinoTo(config.logLevel, logTo)
    if (config.environment === 'sandbox') clock = await openTurnableClock(sql, log)
    else await insistOnRealTime(sql)
    house = await furnish(config, keys, sql, log, clock?.now ?? realNow)
    return {
      house,
      clock,
      databaseUrl,
      databaseBeside: embedded?.database,
      bankClientKeys: publicBankKeys(keys),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const pinoTo = (level: string, where: 'stdout' | 'stderr') =>
  pino({ level, base: null }, pino.destination({ dest: where === 'stderr' ? 2 : 1, sync: where === 'stderr' }))

async function furnish(
  config: Config,
  keys: Keys,
  sql: House['sql'],
  log: House['log'],
  now: House['now'],
): Promise<House> {
  const sandbox = config.environment === 'sandbox'
  const originating = openOriginatingBanks(
    config.originatingBanksFile
      ? await readJson(config.originatingBanksFile, 'RIALTO_ORIGINATING_BANKS')
      : sandboxOriginatingBanks(config.dataDir),
  )
  return {
    sql,
    now,
    realNow,
    newId: idMaker(now, random),
    random,
    settings: {
      environment: config.environment,
      apiUrl: config.apiUrl,
      clientUrl: config.clientUrl,
      secretPrefix: sandbox ? 'rialto_sandbox_' : 'rialto_live_',
      localRedirects: sandbox,
      sessionLifeMs: 30 * 60_000,
      balanceBudgetMs: 2_500,
      eventsKeptDays: config.eventsKeptDays,
      endpoints: { allow: config.outboundAllow, allowHttp: sandbox },
      decisionDeadlineMs: 15 * 60_000,
    },
    banks: openFdxConnector({
      banks: await banksOf(config),
      redirectUri: `${config.clientUrl}/bank/return`,
      signingKey: { kid: keys.bankClient.kid, privateJwk: keys.bankClient },
      now: realNow,
      random,
      log,
      allowInsecure: sandbox,
    }),
    ...originating,
    reportDrop: openReportDrops(config.reportsDir),
    vault: openVault(keys.vault),
    outbound: openOutbound({ allow: config.outboundAllow }),
    mail: openMail({ smtpUrl: config.smtpUrl, folder: join(config.dataDir, 'mail'), from: config.mailFrom }),
    log,
  }
}

async function banksOf(config: Config) {
  const { banksFile, environment, sandboxUrl } = config
  const list = banksFile ? await readJson(banksFile, 'RIALTO_BANKS') : sandboxBanks(sandboxUrl)
  const banks = parseBanks(list, { allowInsecure: environment === 'sandbox' })
  if ('problems' in banks) throw new StartProblem(`The list of banks is not right: ${banks.problems.join('; ')}.`)
  return banks
}

const readJson = (file: string, setting: string): Promise<unknown> =>
  readFile(file, 'utf8')
    .then((text) => JSON.parse(text) as unknown)
    .catch((cause: unknown) => {
      throw new StartProblem(`${setting}: ${file} could not be read as JSON.`, { cause })
    })
