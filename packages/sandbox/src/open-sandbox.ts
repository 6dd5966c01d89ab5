import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import { type FastifyInstance, fastify } from 'fastify'
import { pino } from 'pino'
import { type Bank, banks, findBank } from './banks/bank.ts'
import { seed } from './banks/seed.ts'
import { openClock } from './clock.ts'
import type { Config } from './config.ts'
import { controlRoutes } from './control/control.routes.ts'
import { connect, type Sql } from './db/connect.ts'
import { migrate } from './db/migrate.ts'
import { sweepEvery } from './db/sweep.ts'
import { fdxRoutes } from './fdx/routes.ts'
import { type Fed, openFed } from './fed/fed.ts'
import { challengeRoutes } from './oauth/challenge.routes.ts'
import { clientAuthentication } from './oauth/client-assertion.ts'
import { interactionRoutes } from './oauth/interaction.routes.ts'
import { openKeys } from './oauth/keys.ts'
import { providerRoutes } from './oauth/mount.ts'
import { openProvider } from './oauth/provider.ts'
import { appsRoutes } from './online/apps.routes.ts'
import { homeRoutes } from './online/home.routes.ts'
import { onlineRoutes } from './online/online.routes.ts'
import { paymentRoutes } from './online/payment.routes.ts'
import { assetRoutes } from './pages/asset.routes.ts'
import { sendPage } from './pages/browser.ts'
import { errorBody, notFound } from './pages/error.page.ts'
import { html } from './pages/html.ts'
import type { World } from './world.ts'

export type SandboxOptions = Omit<Config, 'url'> &
  Readonly<{
    /** The public origin; when absent, http://localhost with the port that was taken. */
    url?: string
    logLevel?: 'silent' | 'info'
    now?: () => Date
    slowMs?: number
    revokeAfterMs?: number
    databasePatienceMs?: number
    /** How often the bank looks into the drop and at the clock, in the machine's time; 0 is only when it is asked. */
    tickMs?: number
  }>

export type Sandbox = Readonly<{ url: string; close: () => Promise<void> }>

const HOUR_MS = 3_600_000
const TICK_MS = 500

/**
 * Takes the port before anything else: the address is part of every bank's identity, and a taken port fails at once.
 */
async function takePort(host: string, port: number): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  return server
}

async function mountBank(app: FastifyInstance, world: World, fed: Fed, bank: Bank): Promise<void> {
  const provider = openProvider(world, bank)
  await app.register(homeRoutes(world, bank))
  await app.register(onlineRoutes(world, bank))
  await app.register(paymentRoutes(world, bank, fed))
  await app.register(appsRoutes(world, bank))
  await app.register(interactionRoutes(world, bank, provider))
  await app.register(fdxRoutes(world, bank))
  if (bank.signIn === 'challenge')
    await app.register(challengeRoutes(world, bank, provider, clientAuthentication(world.clients)))
  await app.register(providerRoutes(world, bank, provider))
}

async function openApp(world: World, fed: Fed, server: Server): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: 64 * 1024,
    routerOptions: { ignoreTrailingSlash: false },
    serverFactory: (handler) => server.on('request', handler),
  })
  await app.register(cookie)
  await app.register(formbody)
  app.setNotFoundHandler((request, reply) => {
    const bank = findBank(request.url.split(/[/?]/)[1] ?? '')
    return sendPage(reply, { title: 'Not found', ...(bank ? { bank } : {}), body: notFound(bank) }, 404)
  })
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) world.log.error({ path: request.routeOptions.url, error: error.message }, 'request failed')
    const body = errorBody('That did not work', 'Please go back and try again.', html``)
    return sendPage(reply, { title: 'Something went wrong', body }, status)
  })
  app.get('/health', async () => {
    await world.sql`select 1`
    return { status: 'ok' }
  })
  await app.register(assetRoutes)
  await app.register(controlRoutes(world, fed), { prefix: '/control' })
  for (const bank of banks) await mountBank(app, world, fed, bank)
  await app.ready()
  return app
}

async function openWorld(options: SandboxOptions, sql: Sql, url: string): Promise<World> {
  await migrate(sql)
  const realNow = options.now ?? (() => new Date())
  const clock = await openClock(sql, realNow)
  const world: World = {
    sql,
    url,
    clients: options.clients,
    keys: await openKeys(sql),
    log: pino({ level: options.logLevel ?? 'info', base: { program: 'sandbox' } }),
    clock,
    now: clock.now,
    realNow,
    newId: () => randomUUID(),
    newSecret: () => randomBytes(32).toString('base64url'),
    slowMs: options.slowMs ?? 4_000,
    revokeAfterMs: options.revokeAfterMs ?? 60_000,
  }
  await seed(world)
  return world
}

/** Answers while the banks are still opening. */
const notYet = (_request: unknown, response: ServerResponse): void => {
  response.writeHead(503, { 'Content-Type': 'application/json', 'Retry-After': '1' }).end('{"status":"starting"}')
}

/** Opens all banks: takes the port, waits for the database, brings it up to date, lets the customers in. */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const server = await takePort(options.host, options.port)
  const closeServer = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  server.on('request', notYet)
  const url = options.url ?? `http://localhost:${(server.address() as AddressInfo).port}`
  let sql: Sql | undefined
  try {
    sql = await connect(options.databaseUrl, options.databasePatienceMs ?? 60_000)
    const world = await openWorld(options, sql, url)
    const pool = sql
    const fed = await openFed(world, options.dropFolder, options.tickMs ?? TICK_MS)
    const app = await openApp(world, fed, server)
    server.off('request', notYet)
    const stopSweeping = sweepEvery(world, HOUR_MS)
    const close = async () => {
      stopSweeping()
      await closeServer()
      await fed.close()
      await app.close()
      await pool.end({ timeout: 5 })
    }
    return { url, close }
  } catch (error) {
    await closeServer()
    await sql?.end({ timeout: 1 })
    throw error
  }
}
