import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { StartProblem } from '../kernel/start-problem.ts'
import { type Answer, addVerb, openCommand, processTerminal, type Terminal } from './command-line.ts'
import type { RunFile } from './run-file.ts'

const lookMs = 1_000

type Clock = Readonly<{
  now: string
  standing: boolean
  advancing: Readonly<{ from: string; to: string; at: string }> | null
  nextDueAt: string | null
}>
type Advanced = Readonly<{
  from: string
  now: string
  steps: number
  failedJobs: number
  events: Readonly<Record<string, number>>
  found?: boolean
}>
type Given = Readonly<Record<string, string | number | boolean | undefined>>

/** `rialto clock …`: the clock of the sandbox that runs on this data folder, through its API. */
export function clockCommand(readRun: () => RunFile | undefined, terminal: Terminal = processTerminal): Command {
  const clock = openCommand('clock', "the sandbox's clock: what it shows, and moving it forward", terminal)
  const tie = (verb: (api: Api, given: Given) => Promise<Answer>) =>
    async function run(this: Command): Promise<void> {
      const given = this.opts<Given>()
      try {
        const { json, text } = await verb(await openApi(readRun()), given)
        terminal.out(given.json ? JSON.stringify(json, null, 2) : text)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        terminal.note(error.message)
        terminal.end(1)
      }
    }
  addVerb(clock, 'show', 'what it shows, and when the next thing is due', 'rialto clock show').action(
    tie(async (api) => {
      const shown = await api<Clock>('GET', '/v1/sandbox/clock')
      return { json: shown, text: describe(shown) }
    }),
  )
  addVerb(clock, 'advance', 'everything that is due on the way happens, in order', 'rialto clock advance --by P5D')
    .option('--by <duration>', 'weeks, days, hours, minutes: P5D, PT2H30M')
    .option('--to <instant>', 'such as 2026-01-09T22:00:00Z')
    .option('--banking-days <days>', 'to the same time of day in New York', wholeNumber)
    .option('--until-event <type>', 'stop when the seeded merchant has it: payment.succeeded')
    .option('--payment <paymentId>', 'with --until-event: about this payment')
    .option('--at-most <duration>', 'with --until-event: give up after it; P70D')
    .option('--standing', 'stand at the end, instead of running on')
    .action(tie((api, given) => advance(api, given, terminal)))
  return clock
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is not a number of days.')
}

async function advance(api: Api, given: Given, terminal: Terminal): Promise<Answer> {
  const { bankingDays, by, to, untilEvent, payment, atMost, standing } = given
  const body = { by: bankingDays ? { bankingDays } : by, to, untilEvent, paymentId: payment, atMost, standing }
  const arriving = api<Advanced>('POST', '/v1/sandbox/clock/advance', body)
  const arrived = new AbortController()
  const showing = showProgress(api, terminal, arrived.signal)
  const advanced = await arriving
    .catch(async (error: unknown) => {
      if (!(await isAdvancing(api))) throw error
      // The line was cut, as after five minutes; the advance goes on.
      while (await isAdvancing(api)) await sleep(lookMs)
      return undefined
    })
    .finally(() => arrived.abort())
  await showing
  if (!advanced) {
    const shown = await api<Clock>('GET', '/v1/sandbox/clock')
    return { json: shown, text: describe(shown) }
  }
  const events = Object.entries(advanced.events).map(([type, count]) => `  ${String(count).padStart(5)}  ${type}`)
  const text = [
    `${advanced.from} → ${advanced.now}: ${advanced.steps} things were due`,
    ...(advanced.found === false ? [`${String(untilEvent)} did not come`] : []),
    ...(advanced.failedJobs > 0 ? [`${advanced.failedJobs} jobs have failed and will be tried again`] : []),
    ...events,
  ].join('\n')
  return { json: advanced, text }
}

const isAdvancing = (api: Api): Promise<boolean> =>
  api<Clock>('GET', '/v1/sandbox/clock').then(
    ({ advancing }) => advancing !== null,
    () => false,
  )

/** A line whenever it is another day. */
async function showProgress(api: Api, terminal: Terminal, signal: AbortSignal): Promise<void> {
  for (let day = ''; ; ) {
    await sleep(lookMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    const shown = await api<Clock>('GET', '/v1/sandbox/clock').catch(() => undefined)
    const { at = '', to = '' } = shown?.advancing ?? {}
    if (at.slice(0, 10) !== day && !signal.aborted) terminal.note(`${at.slice(0, 10)} on the way to ${to.slice(0, 10)}`)
    day = at.slice(0, 10)
  }
}

const describe = ({ now, standing, advancing, nextDueAt }: Clock): string =>
  [
    `${now}${standing && !advancing ? ' (standing)' : ''}`,
    ...(advancing ? [`on the way from ${advancing.from} to ${advancing.to}`] : []),
    nextDueAt ? `the next thing is due at ${nextDueAt}` : 'nothing is due',
  ].join('\n')

/** What the API said no to, in its words. */
class Refused extends Error {}

type Api = <T>(method: string, path: string, body?: object) => Promise<T>

async function openApi(run: RunFile | undefined): Promise<Api> {
  if (!run?.client || run.environment !== 'sandbox')
    throw new StartProblem('No sandbox runs on this data folder; start it with npm run up.')
  const { urls, client } = run
  const form = { grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret }
  const { access_token: token } = await send<{ access_token: string }>(`${urls.api}/v1/tokens`, {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  return (method, path, body) => {
    const json = body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}
    return send(`${urls.api}${path}`, {
      method,
      ...json,
      headers: { ...json.headers, authorization: `Bearer ${token}` },
    })
  }
}

async function send<T>(url: string, init: RequestInit): Promise<T> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new StartProblem(`${new URL(url).origin} does not answer; is it running? npm run up starts it.`, { cause })
  })
  const body = (await response.json().catch(() => ({}))) as T & { errorCode?: string; errorMessage?: string }
  if (response.ok) return body
  throw new Refused(`${body.errorCode ?? response.status}: ${body.errorMessage ?? response.statusText}`)
}
