import { type EventType, type Rialto, RialtoApiError } from '@rialto/node-sdk'
import { InvalidArgumentError } from 'commander'
import { parseDuration } from '../../simulations/duration.ts'

/** From where on events are wanted. */
export type Since =
  | Readonly<{ kind: 'beginning' | 'now' }>
  | Readonly<{ kind: 'after'; sequence: number }>
  | Readonly<{ kind: 'ago'; ms: number }>
  | Readonly<{ kind: 'at'; at: Date }>

export const sinceSays = 'after this sequence, or since a time (2026-01-05T15:00Z) or a while ago (30m, 2h, 3d)'

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 60 * 60_000,
  d: 24 * 60 * 60_000,
  w: 7 * 24 * 60 * 60_000,
}

export function sinceArgument(text: string): Since {
  if (text === 'beginning' || text === 'now') return { kind: text }
  if (/^\d{1,15}$/.test(text)) return { kind: 'after', sequence: Number(text) }
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? []
  const ms = count === undefined ? parseDuration(text.toUpperCase()) : Number(count) * (unitMs[unit] ?? 0)
  if (ms !== undefined) return { kind: 'ago', ms }
  const at = new Date(text)
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(at.getTime())) return { kind: 'at', at }
  throw new InvalidArgumentError('Give a sequence, beginning, now, a time such as 2026-01-05T15:00Z, or 30m, 2h, 3d.')
}

/** The place of the newest event; 0 before the first. The API refuses types that do not exist. */
export const newestPlace = async (rialto: Rialto, types?: readonly EventType[]): Promise<number> =>
  Number((await rialto.events.list({ after: 'latest', types }).page()).nextCursor)

/** After which place to read. */
export async function placeOf(rialto: Rialto, since: Since, realNow: () => Date): Promise<number> {
  switch (since.kind) {
    case 'beginning':
      return 0
    case 'now':
      return newestPlace(rialto)
    case 'after':
      return since.sequence
    case 'at':
      return placeBefore(rialto, since.at)
    case 'ago':
      return placeBefore(rialto, new Date((await houseNow(rialto, realNow)).getTime() - since.ms))
  }
}

/** Events are dated by the clock of the deployment, which a sandbox may have turned. */
async function houseNow(rialto: Rialto, realNow: () => Date): Promise<Date> {
  try {
    return new Date((await rialto.call('GET /v1/sandbox/clock')).now)
  } catch (error) {
    if (error instanceof RialtoApiError && error.status === 404) return realNow()
    throw error
  }
}

/** The last place whose event came before this instant, found by halving: places follow time. */
async function placeBefore(rialto: Rialto, at: Date): Promise<number> {
  let before = 0
  let notBefore = (await newestPlace(rialto)) + 1
  while (notBefore - before > 1) {
    const middle = Math.floor((before + notBefore) / 2)
    // The oldest events may be gone: then the first that is kept stands for them.
    const [event] = (await rialto.events.list({ after: middle - 1, limit: 1 }).page()).data
    if (event && new Date(event.creationTime) < at) before = Math.max(middle, event.sequence)
    else notBefore = middle
  }
  return before
}
