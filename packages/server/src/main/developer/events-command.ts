import type { EventType, Rialto, RialtoEvent } from '@rialto/node-sdk'
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { type Answer, openCommand, withLimit } from '../command-line.ts'
import type { Connection } from './connection.ts'
import { eventLine } from './event-line.ts'
import { addResendVerb, addShowVerb } from './event-verbs.ts'
import { addApiVerb, type Given, tieToApi } from './run.ts'
import { newestPlace, placeOf, type Since, sinceArgument, sinceSays } from './since.ts'
import type { DeveloperTools } from './tools.ts'

/** So many are looked through at a time, and so often at most, for the newest of some types. */
const stretch = 1_000
const mostStretches = 50

/** `rialto events …`: what happened, and telling it again. */
export function eventsCommand(tools: DeveloperTools): Command {
  const events = openCommand('events', 'what happened: list it, follow it, have it told again', tools.terminal)
  const list = addApiVerb(events, 'list', 'the newest events, the newest last', 'rialto events list --since 2h')
    .option('--types <types>', 'only these: payment.failed,payment.succeeded', typesArgument)
    .option('--since <place>', `the first ones ${sinceSays}`, sinceArgument)
  withLimit(list, '20').action(tieToApi(tools, (connection, given) => listEvents(tools, connection, given)))
  addApiVerb(events, 'tail', 'each event as it happens, until Ctrl-C', 'rialto events tail --types payment.failed')
    .option('--types <types>', 'only these: payment.failed,payment.succeeded', typesArgument)
    .option('--since <place>', `begin ${sinceSays}`, sinceArgument)
    .action(tieToApi(tools, (connection, given) => tailEvents(tools, connection, given)))
  addShowVerb(events, tools)
  addResendVerb(events, tools)
  return events
}

/** Whether there are such types, the API says: it may know newer ones. */
export function typesArgument(text: string): EventType[] {
  const words = text.split(',').map((word) => word.trim())
  if (words.every((word) => /^[a-z_.]{1,100}$/i.test(word))) return words as EventType[]
  throw new InvalidArgumentError('Give names of events with commas between: payment.failed,payment.succeeded.')
}

async function listEvents({ now }: DeveloperTools, { rialto }: Connection, { options, paint }: Given): Promise<Answer> {
  const limit = Number(options.limit)
  const types = options.types as EventType[] | undefined
  const since = options.since as Since | undefined
  const page = since
    ? await rialto.events.list({ after: await placeOf(rialto, since, now), types, limit }).page()
    : { data: await newestOf(rialto, types, limit), hasMore: false }
  const text = page.data.map((event) => eventLine(event, paint)).join('\n')
  const last = page.data.at(-1)
  return {
    json: { events: page.data },
    text: text || 'There are no such events.',
    ...(page.hasMore && last ? { note: `There are more: --since ${last.sequence}` } : {}),
  }
}

/** Read backwards, a stretch of the sequence at a time. */
async function newestOf(
  rialto: Rialto,
  types: readonly EventType[] | undefined,
  limit: number,
): Promise<RialtoEvent[]> {
  const length = types ? stretch : limit
  let found: RialtoEvent[] = []
  let upTo = await newestPlace(rialto, types)
  for (let round = 0; round < mostStretches && upTo > 0 && found.length < limit; round++) {
    const after = Math.max(0, upTo - length)
    const { data } = await rialto.events.list({ after, types, limit: length }).page()
    const last = upTo
    found = [...data.filter(({ sequence }) => sequence <= last), ...found]
    upTo = after
  }
  return found.slice(-limit)
}

async function tailEvents(
  { terminal, untilInterrupted, now }: DeveloperTools,
  { rialto, lost }: Connection,
  { options, paint }: Given,
): Promise<undefined> {
  const signal = untilInterrupted()
  const since = options.since as Since | undefined
  const types = options.types as EventType[] | undefined
  const after = since ? await placeOf(rialto, since, now) : await newestPlace(rialto, types)
  for await (const event of rialto.events.stream({ after, types, signal, onInterruption: lost }))
    terminal.out(options.json ? JSON.stringify(event) : eventLine(event, paint))
}
