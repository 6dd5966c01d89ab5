import type { EventType, RialtoEvent } from '@rialto/node-sdk'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { secretOf } from '../../webhooks/secret.ts'
import { harmless } from '../columns.ts'
import { openCommand, type Paint } from '../command-line.ts'
import type { Connection } from './connection.ts'
import { eventHead, shortId } from './event-line.ts'
import { typesArgument } from './events-command.ts'
import { type Forwarded, type Forwarder, forward, type RetryWhen, retryWords } from './forward.ts'
import { openListenPlace } from './listen-place.ts'
import { openProfiles } from './profiles.ts'
import { type Given, tie, tieToApi, UsedWrongly, withProfile } from './run.ts'
import { newestPlace, placeOf, type Since, sinceArgument, sinceSays } from './since.ts'
import type { DeveloperTools } from './tools.ts'

const help = `
Every event is signed as the platform signs it, with a secret that stays the same. Without --since it goes on where it
stopped for this address; the first time, with what happens from now on.

Example:
  rialto listen --forward-to http://localhost:3000/webhooks --events payment.succeeded,payment.failed`

/** `rialto listen`: a merchant's events to a program on the developer's machine, which nobody reaches from outside. */
export function listenCommand(tools: DeveloperTools): Command {
  const listen = openCommand('listen', 'forward events to a program on this machine, signed', tools.terminal)
    .option('--forward-to <url>', 'such as http://localhost:3000/webhooks, or localhost:3000/webhooks', urlArgument)
    .option('--events <types>', 'only these: payment.failed,payment.succeeded', typesArgument)
    .option('--since <place>', `begin ${sinceSays}, or from the beginning`, sinceArgument)
    .addOption(
      new Option('--retry <when>', 'stay with an event while the program is down, until it answers 2xx, or never')
        .choices(retryWords)
        .default('down'),
    )
    .option('--print-secret', 'print the signing secret, and nothing else')
    .option('--json', 'a line of JSON for each event')
    .addHelpText('after', help)
  const printSecret = tie(tools, async () => {
    const secret = signingSecret(tools)
    return { json: { signingSecret: secret }, text: secret }
  })
  const follow = tieToApi(tools, (connection, given) => forwardAll(tools, connection, given))
  return withProfile(listen).action(function run(this: Command) {
    return (this.opts().printSecret ? printSecret : follow).call(this)
  })
}

const signingSecret = ({ surroundings, random }: DeveloperTools): string =>
  openProfiles(surroundings.folder).signingSecret(() => secretOf(random(32)))

async function forwardAll(tools: DeveloperTools, connection: Connection, given: Given): Promise<undefined> {
  const { terminal, surroundings, now } = tools
  const { options, paint } = given
  const url = options.forwardTo as string | undefined
  if (!url) throw new UsedWrongly('Where to? Give --forward-to, such as --forward-to http://localhost:3000/webhooks.')
  const { rialto, credentials, lost } = connection
  const signal = tools.untilInterrupted()
  const place = openListenPlace(surroundings.folder, credentials, url)
  const types = options.events as EventType[] | undefined
  // Asked for with the types, so that those that do not exist are refused before anything is said.
  const newest = await newestPlace(rialto, types)
  const since = options.since as Since | undefined
  const after = since ? await placeOf(rialto, since, now) : goingOnFrom(tools, newest, place.read())
  const secret = signingSecret(tools)
  terminal.note(`Forwarding what comes after sequence ${after} at ${credentials.apiUrl} to ${url}; Ctrl-C ends.`)
  terminal.note(`Your signing secret is ${secret} (it stays the same).`)
  const onWait = (why: string) => terminal.note(`${url}: ${harmless(why)}. Waiting for it; nothing is skipped.`)
  const forwarder: Forwarder = { url, secret, now, onWait, retry: options.retry as RetryWhen }
  let last = after
  for await (const event of rialto.events.stream({ after, types, signal, onInterruption: lost })) {
    const done = await forward(forwarder, event, signal)
    if (!done) break
    last = event.sequence
    place.write(last)
    tell(tools, event, done, options.json === true, paint)
  }
  terminal.note(`Forwarded up to sequence ${last}; the next rialto listen to this address goes on from there.`)
}

/** Where it stopped; the first time, now. */
function goingOnFrom({ terminal }: DeveloperTools, newest: number, stopped: number | undefined): number {
  if (stopped === undefined || stopped <= newest) return stopped ?? newest
  terminal.note(
    `It had come to sequence ${stopped}, but there are only ${newest}: another database. Beginning with now.`,
  )
  return newest
}

function tell({ terminal }: DeveloperTools, event: RialtoEvent, done: Forwarded, json: boolean, paint: Paint): void {
  if (json) {
    const { says: _, ...forwarded } = done
    terminal.out(JSON.stringify({ ...event, forwarded }))
    return
  }
  const isGood = done.status !== null && done.status >= 200 && done.status < 300
  const answered = paint(isGood ? 'green' : 'red', done.status === null ? 'no answer' : String(done.status))
  const tries = done.attempts > 1 ? `, attempt ${done.attempts}` : ''
  terminal.out(`${eventHead(event, paint)}  ${shortId(event.resourceId)}  → ${answered} ${done.ms} ms${tries}`)
  if (!isGood && done.says) terminal.note(`  it said: ${harmless(done.says)}`)
}

/** `localhost:3000/webhooks`, `:3000/webhooks` and `3000/webhooks` will do. */
function urlArgument(text: string): string {
  const [, port] = /^:?(\d{2,5}(?:\/.*)?)$/.exec(text) ?? []
  const short = port === undefined ? `http://${text}` : `http://localhost:${port}`
  const full = text.includes('://') ? text : short
  const url = URL.canParse(full) ? new URL(full) : undefined
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash) return url.href
  throw new InvalidArgumentError('It is not an address such as http://localhost:3000/webhooks.')
}
