import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { StartProblem } from '../kernel/start-problem.ts'
import { keepTogether } from '../simulations/keep-together.ts'
import { buildApi, buildHosted } from './api.ts'
import { openHouse } from './compose.ts'
import type { Config } from './config.ts'
import { removeRunFile, writeRunFile } from './run-file.ts'
import { seedSandbox } from './sandbox-seed.ts'
import { simulationsOf } from './simulations.ts'
import { startWorker } from './worker.ts'

export type Parts = Readonly<{ http: boolean; worker: boolean }>
export type Serving = Readonly<{ stop(): Promise<void> }>

const packages = join(import.meta.dirname, '../../..')
const hostedFiles = {
  flow: join(packages, 'link/dist'),
  sdk: join(packages, 'web-sdk/dist/linkmoney-web.min.js'),
}

/** Starts what this process is to be: the HTTP origins, the worker, or both. What was started is stopped in reverse. */
export async function serve(config: Config, parts: Parts): Promise<Serving> {
  const started: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of started.splice(0).reverse()) await end()
  }
  try {
    const open = await openHouse(config, config.environment === 'sandbox' ? 'run' : 'check')
    started.push(open.close)
    const { house } = open
    if (parts.worker) started.push((await startWorker(house, open.databaseUrl, open.clock)).stop)
    if (!parts.http) return { stop }
    const simulations = open.clock && simulationsOf(house, open.clock, config.sandboxUrl)
    const api = await buildApi(house, open.bankClientKeys, simulations)
    started.push(() => api.close())
    const hosted = await buildHosted(house, hostedFiles).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause
      throw new StartProblem('The hosted flow is not built; run npm run build first.', { cause })
    })
    started.push(() => hosted.close())
    await listen(api, config.host, config.apiPort, 'RIALTO_API_PORT')
    await listen(hosted, config.host, config.clientPort, 'RIALTO_CLIENT_PORT')
    const sandbox = config.environment === 'sandbox'
    const seed = sandbox ? await seedSandbox(house, config) : {}
    const beside = sandbox
      ? { databases: { server: open.databaseUrl, sandbox: (await open.databaseBeside?.('sandbox')) ?? null } }
      : {}
    const pretend = sandbox ? { sandbox: config.sandboxUrl, demoStore: config.storeUrl } : {}
    const urls = { api: config.apiUrl, client: config.clientUrl, docs: `${config.apiUrl}/docs`, ...pretend }
    writeRunFile(config, { environment: config.environment, pid: process.pid, urls, ...seed, ...beside })
    started.push(async () => removeRunFile(config))
    if (simulations) started.push(keepTogether(simulations).stop)
    if (config.outboundAllow.length > 0)
      house.log.info({ addresses: config.outboundAllow }, 'webhooks may be sent to these addresses, public or not')
    house.log.info({ api: config.apiUrl, hosted: config.clientUrl }, 'ready')
    return { stop }
  } catch (error) {
    await stop().catch(() => undefined)
    throw error
  }
}

async function listen(app: FastifyInstance, host: string, port: number, setting: string): Promise<void> {
  await app.listen({ host, port }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause
    throw new StartProblem(`Port ${port} is taken; stop what uses it, or set ${setting} to another port.`, { cause })
  })
}
