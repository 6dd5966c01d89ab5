import { type Static, Type } from 'typebox'
import { invalid } from '../http/errors.ts'
import { instantFrom, pageOf } from '../http/wire.ts'
import type { Stretch } from './delivery.commands.ts'
import type { Replay } from './replay.store.ts'

const place = { minimum: 1, maximum: Number.MAX_SAFE_INTEGER }
export const ReplayBody = Type.Object(
  {
    fromSequence: Type.Optional(Type.Integer({ ...place, description: 'The first event to be told again.' })),
    toSequence: Type.Optional(Type.Integer({ ...place, description: 'The last one; the newest when absent.' })),
    from: Type.Optional(Type.String({ maxLength: 40, description: 'Or: what happened at this instant or later,' })),
    to: Type.Optional(Type.String({ maxLength: 40, description: 'and at this one or earlier; now when absent.' })),
  },
  { title: 'Replay' },
)

/** Refuses invalid_request. */
export function stretchFromWire({ fromSequence, toSequence, from, to }: Static<typeof ReplayBody>, now: Date): Stretch {
  const byPlace = fromSequence !== undefined
  if (byPlace === (from !== undefined) || (byPlace ? to !== undefined : toSequence !== undefined))
    throw invalid({
      pointer: '',
      code: 'stretch',
      message: 'must have either fromSequence and toSequence, or from and to',
    })
  const backwards = (pointer: string) =>
    invalid({ pointer, code: 'range', message: 'must not come before its beginning' })
  if (byPlace) {
    const last = toSequence ?? place.maximum
    if (last < fromSequence) throw backwards('/toSequence')
    return { kind: 'sequences', first: fromSequence, last }
  }
  const begin = instantFrom(from ?? '', '/from')
  const end = to === undefined ? now : instantFrom(to, '/to')
  if (end < begin) throw backwards('/to')
  return { kind: 'times', from: begin, to: end }
}

const stretch = { fromSequence: Type.Integer(), toSequence: Type.Integer() }
export const ReplayMadeWire = Type.Object({ replayId: Type.String(), ...stretch }, { title: 'ReplayMade' })
export const NothingToReplayWire = Type.Object({ says: Type.String() }, { title: 'NothingToReplay' })
export const nothingToReplay: Static<typeof NothingToReplayWire> = {
  says: 'Nothing that it has been told of already is in there. What it has not been told yet comes to it anyway.',
}

export const replayMadeToWire = ({ id, first, last }: Replay): Static<typeof ReplayMadeWire> => ({
  ...{ replayId: id, fromSequence: first, toSequence: last },
})

const ReplayWire = Type.Object(
  {
    ...{ replayId: Type.String(), ...stretch },
    nextSequence: Type.Integer({ description: 'How far it has come: everything before this is being told.' }),
  },
  { title: 'ReplayUnderWay' },
)
export const ReplaysPage = pageOf(ReplayWire)

/** There are ten at most. */
export const replaysToWire = (replays: readonly Replay[]): Static<typeof ReplaysPage> => ({
  data: replays.map((one) => ({ ...replayMadeToWire(one), nextSequence: one.next })),
  ...{ hasMore: false, nextCursor: null },
})
