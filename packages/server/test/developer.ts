import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { buildApi } from '../src/main/api.ts'
import { random } from '../src/main/clock.ts'
import { developerCommands } from '../src/main/developer/commands.ts'
import type { DeveloperTools } from '../src/main/developer/tools.ts'
import type { RunFile } from '../src/main/run-file.ts'
import type { TestApi, TestMerchant } from './test-api.ts'
import { openSeenTerminal, runCommand, type Seen } from './test-terminal.ts'

/** A command that goes on until it is interrupted. */
export type Following = Readonly<{
  /** What it has printed so far. */
  lines(): string[]
  notes(): string
  /** Ctrl-C. */
  interrupt(): Promise<Seen>
}>

export type Developer = Readonly<{
  /** Where logins are kept. */
  folder: string
  /** What runs on the developer's data folder. */
  running: { file: RunFile | undefined }
  environment: { apiUrl?: string; clientUrl?: string; clientId?: string; clientSecret?: string }
  /** What is typed when a secret is asked for. */
  typed: { secret: string }
  rialto(...words: string[]): Promise<Seen>
  json<T>(...words: string[]): Promise<T>
  follow(...words: string[]): Following
  close(): void
}>

/** Somebody who writes a merchant's programs, at their own machine. The merchant's deployment runs there. */
export function openDeveloper(t: TestApi, merchant: TestMerchant = t.merchant): Developer {
  const home = mkdtempSync(join(tmpdir(), 'rialto-developer-'))
  const folder = join(home, 'config/rialto')
  const client = { id: merchant.clientId, secret: merchant.clientSecret }
  const urls = { api: t.apiUrl, client: t.hostedUrl, docs: '' }
  const running: Developer['running'] = { file: { environment: 'sandbox', pid: 1, urls, client } }
  const environment: Developer['environment'] = {}
  const typed = { secret: merchant.clientSecret }

  function run(words: readonly string[]) {
    const { seen, terminal } = openSeenTerminal()
    const interruption = new AbortController()
    const { apiUrl, clientUrl, clientId, clientSecret } = environment
    const tools: DeveloperTools = {
      ...{ terminal, surroundings: { folder, apiUrl, clientUrl, clientId, clientSecret } },
      ...{ readRun: () => running.file, ask: async () => typed.secret, now: () => t.clock.real, random },
      untilInterrupted: () => interruption.signal,
      // As patient as ever, in less time.
      lent: { sleep: (ms, signal) => sleep(ms / 50, undefined, signal ? { signal } : {}) },
    }
    const ended = runCommand(developerCommands(tools), words).then(() => seen)
    return { seen, interruption, ended }
  }
  return {
    ...{ folder, running, environment, typed },
    rialto: (...words) => run(words).ended,
    json: async (...words) => JSON.parse((await run([...words, '--json']).ended).out),
    follow(...words) {
      const { seen, interruption, ended } = run(words)
      // Said by interrupt().
      ended.catch(() => undefined)
      return {
        lines: () => seen.out.split('\n').slice(0, -1),
        notes: () => seen.note,
        interrupt() {
          interruption.abort()
          return ended
        },
      }
    },
    close: () => rmSync(home, { recursive: true }),
  }
}

/** Ends the API; what is answered starts it again at the same address. Whoever started it closes it. */
export async function takeAway(t: TestApi): Promise<() => Promise<FastifyInstance>> {
  const { port } = new URL(t.apiUrl)
  await t.api.close()
  return async () => {
    const again = await buildApi(t.house, { keys: [] })
    await again.listen({ host: '127.0.0.1', port: Number(port) })
    return again
  }
}
