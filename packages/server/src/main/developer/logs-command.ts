import { setTimeout as sleep } from 'node:timers/promises'
import { type ApiRequest, type Rialto, RialtoApiError, RialtoConnectionError } from '@rialto/node-sdk'
import { type Command, InvalidArgumentError } from 'commander'
import { harmless } from '../columns.ts'
import { type Answer, openCommand, type Paint, withLimit } from '../command-line.ts'
import type { Connection } from './connection.ts'
import { timeOf } from './event-line.ts'
import { addApiVerb, type Given, tieToApi } from './run.ts'
import type { DeveloperTools } from './tools.ts'

const waitSeconds = '20'
const restMs = 1_000

/** `rialto logs …`: what a merchant's programs asked of the API, and how it went. */
export function logsCommand(tools: DeveloperTools): Command {
  const logs = openCommand('logs', 'what your programs asked of the API, and how it went', tools.terminal)
  const withStatus = (verb: Command) => verb.option('--status <status>', 'only these: 4xx, 5xx, 404', statusArgument)
  const list = addApiVerb(logs, 'list', 'the newest requests, the newest last', 'rialto logs list --status 4xx')
  withLimit(withStatus(list), '20').action(tieToApi(tools, listRequests))
  withStatus(
    addApiVerb(logs, 'tail', 'each request as it is answered, until Ctrl-C', 'rialto logs tail --status 5xx'),
  ).action(tieToApi(tools, (connection, given) => tail(tools, connection, given)))
  addApiVerb(logs, 'show', 'one request', 'rialto logs show 019b8eac-1180-7fec-ab66-ffc86f38d952')
    .argument('<requestId>', 'X-Request-Id of its answer')
    .action(
      tieToApi(tools, async ({ rialto }, { args: [requestId = ''], paint }) => {
        const found = await rialto.call('GET /v1/requests/{requestId}', { params: { requestId } })
        return { json: found, text: `${requestLine(found, paint)}\n${JSON.stringify(found, null, 2)}` }
      }),
    )
  return logs
}

function statusArgument(text: string): string {
  if (/^[1-5](xx|\d\d)$/i.test(text)) return text.toLowerCase()
  throw new InvalidArgumentError('Give a status such as 404, or 4xx.')
}

async function listRequests({ rialto }: Connection, { options, paint }: Given): Promise<Answer> {
  const query = { last: String(options.limit), status: options.status as string | undefined }
  const { data } = await rialto.call('GET /v1/requests', { query })
  const text = data.map((one) => requestLine(one, paint)).join('\n')
  return { json: { requests: data }, text: text || 'There are no such requests in the last week.' }
}

function requestLine({ at, method, path, status, errorCode = '', ms, requestId }: ApiRequest, paint: Paint): string {
  const colour = status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green'
  const took = `${ms} ms`.padStart(9)
  const words = `${method.padEnd(6)} ${harmless(path)}`
  return `${paint('dim', timeOf(at))}  ${paint(colour, String(status))}  ${took}  ${words}  ${paint('dim', requestId)}  ${errorCode}`.trimEnd()
}

async function tail(
  { terminal, untilInterrupted }: DeveloperTools,
  connection: Connection,
  { options, paint }: Given,
): Promise<undefined> {
  for await (const one of follow(connection, options.status as string | undefined, untilInterrupted()))
    terminal.out(options.json ? JSON.stringify(one) : requestLine(one, paint))
}

/** From now on, for as long as it takes. Throws what does not pass by itself. */
async function* follow({ rialto, lost }: Connection, status: string | undefined, signal: AbortSignal) {
  let after = await newest(rialto)
  while (!signal.aborted) {
    try {
      const page = await rialto.call('GET /v1/requests', { query: { after, status, waitSeconds }, signal })
      yield* page.data
      after = page.nextCursor
    } catch (error) {
      if (signal.aborted) return
      if (!passes(error)) throw error
      lost(error)
      await sleep(restMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

const newest = async (rialto: Rialto): Promise<string> =>
  (await rialto.call('GET /v1/requests', { query: { after: 'latest' } })).nextCursor

const passes = (error: unknown): error is RialtoApiError | RialtoConnectionError =>
  error instanceof RialtoConnectionError ||
  (error instanceof RialtoApiError && (error.status === 429 || error.status >= 500))
