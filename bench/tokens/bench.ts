import { fileURLToPath } from 'node:url'
import { drive } from '../load/drive.ts'
import type { Result } from '../load/plan.ts'
import type { Effort } from '../measuring/effort.ts'
import { residentMb } from '../measuring/memory.ts'
import { freePorts, node, start, stop, untilAnswers } from '../measuring/processes.ts'
import { type Status, tokenForm, withServer } from '../measuring/server.ts'
import { mb, median, ms, perSecond, type Report, spread } from '../measuring/table.ts'

const bareProvider = fileURLToPath(import.meta.resolve('./bare-provider.ts'))
const connections = 32

/** Access tokens per second, beside a bare oidc-provider that issues the same tokens from its memory. */
export function benchTokens(effort: Effort): Promise<Report> {
  return withServer(async (server, status) => {
    const [port = 0] = await freePorts(1)
    const { id, secret } = status.client
    const env = { ...process.env, PORT: String(port), CLIENT_ID: id, CLIENT_SECRET: secret, NODE_ENV: 'production' }
    const bare = start(node, [bareProvider], { env, stdio: 'ignore' })
    try {
      await untilAnswers(`http://127.0.0.1:${port}/.well-known/openid-configuration`, bare)
      const formats = [await formatOf(server.place.apiPort, status), await formatOf(port, status)]
      if (formats[0] !== formats[1]) throw new Error(`the tokens differ: ${formats.join(' and ')}`)
      const ours: Result[] = []
      const theirs: Result[] = []
      // Both are warmed up before anything is counted.
      for (const each of [server.place.apiPort, port]) await load(each, status, 3)
      for (let round = 0; round < effort.rounds; round++) {
        ours.push(await load(server.place.apiPort, status, effort.seconds))
        theirs.push(await load(port, status, effort.seconds))
      }
      return report(formats[0] ?? '', ours, theirs, [residentMb(server.child.pid ?? 0), residentMb(bare.pid ?? 0)])
    } finally {
      await stop(bare)
    }
  })
}

function report(format: string, ours: Result[], theirs: Result[], memory: (number | undefined)[]): Report {
  const rates = (runs: Result[]) => runs.map((run) => run.perSecond)
  const [mine, bare] = [median(rates(ours)), median(rates(theirs))]
  const middle = (runs: Result[], of: 'p50' | 'p99') => ms(median(runs.map((run) => run[of])))
  return {
    title: 'Access tokens',
    notes: [
      `POST /v1/tokens with the client's id and secret as a form, ${connections} connections, every answer checked.`,
      `Yardstick: a bare oidc-provider with its in-memory store. Both issue ${format}; the platform keeps secrets hashed and clients in PostgreSQL.`,
    ],
    rows: [
      {
        metric: 'tokens',
        ours: perSecond(mine) + spread(rates(ours)),
        yardstick: perSecond(bare) + spread(rates(theirs)),
        ratio: mine / bare,
      },
      { metric: 'p50', ours: middle(ours, 'p50'), yardstick: middle(theirs, 'p50') },
      { metric: 'p99', ours: middle(ours, 'p99'), yardstick: middle(theirs, 'p99') },
      { metric: 'memory of the process (RSS)', ours: mb(memory[0]), yardstick: mb(memory[1]) },
    ],
  }
}

/** Header and names of the claims of a token, so that like is compared with like. */
async function formatOf(port: number, { client }: Status): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/tokens`, {
    method: 'POST',
    body: tokenForm(client, 'Link-Payment'),
  })
  const { access_token: token = '' } = (await answer.json()) as { access_token?: string }
  const [head, claims] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  if (!claims) throw new Error(`no token: ${answer.status}`)
  return `${head.typ} ${head.alg} with ${Object.keys(claims).sort().join(', ')}`
}

function load(port: number, { client }: Status, seconds: number): Promise<Result> {
  const head = `POST /v1/tokens HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-type: application/x-www-form-urlencoded\r\n`
  const body = tokenForm(client, 'Link-Payment').toString()
  return drive({ port, head, body, customers: 1, expect: '"access_token":"', connections, warmSeconds: 1, seconds })
}
