import { gather } from '../db/gather.ts'

/**
 * Rows that every call needs and that may change on another process: held in memory, believed for less than a second.
 * A notification makes a belief doubtful at once; that is only for speed. What is promised does not rest on it: nothing
 * is answered from a reading that began more than `trustMs` before the call, so a lost notification costs that long.
 */
export type Believed<Q, V> = Readonly<{
  /** At once when the belief is fresh; otherwise after reading it again, together with whatever else is due. */
  get(key: string, question: Q): V | Promise<V>
  /** Something changed: matching beliefs are read again before they are next used. */
  doubt(about?: (question: Q, value: V | undefined) => boolean): void
}>

type Belief<Q, V> = {
  question: Q
  value: V | undefined
  /** When the reading began, so that a change committed during it is not missed. */
  readAt: number
  doubtedAt: number
  reading: Promise<void> | undefined
}

/** Older than this, a belief is read again in the background; the caller does not wait. */
const renewMs = 300
/** Older than this, a belief is not used. Leaves a tenth of the second for the call that is just being answered. */
const trustMs = 900
const batchSize = 1_000

/**
 * `read` answers a batch of questions in order. At most `most` beliefs are held; the least recently read go first.
 * Only one batch is under way at a time, so a busy process asks a few times a second, whatever its traffic.
 */
export function believe<Q, V>(read: (questions: readonly Q[]) => Promise<readonly V[]>, most: number): Believed<Q, V> {
  const beliefs = new Map<string, Belief<Q, V>>()

  const readTogether = gather<Q, { value: V; readAt: number }>(
    async (questions) => {
      const readAt = elapsed()
      try {
        return (await read(questions)).map((value) => ({ value: { value, readAt } }))
      } catch (refused) {
        return questions.map(() => ({ refused }))
      }
    },
    { most: batchSize, lanes: 1 },
  )

  function renew(belief: Belief<Q, V>): Promise<void> {
    belief.reading ??= readTogether(belief.question)
      .then((reading) => void Object.assign(belief, reading))
      .finally(() => {
        belief.reading = undefined
      })
    return belief.reading
  }

  async function readNow(belief: Belief<Q, V>): Promise<V> {
    const { doubtedAt } = belief
    const askedAt = elapsed()
    await renew(belief)
    // The reading that was under way may have begun before the change, or long ago; the next one begins after the call.
    const tooOld = belief.readAt < askedAt && elapsed() - belief.readAt >= trustMs
    if (belief.readAt <= doubtedAt || tooOld) await renew(belief)
    return belief.value as V
  }

  function remember(key: string, question: Q): Belief<Q, V> {
    const belief = { question, value: undefined, readAt: -Infinity, doubtedAt: -Infinity, reading: undefined }
    beliefs.set(key, belief)
    if (beliefs.size > most) beliefs.delete(beliefs.keys().next().value as string)
    return belief
  }

  return {
    get(key, question) {
      const belief = beliefs.get(key) ?? remember(key, question)
      const age = elapsed() - belief.readAt
      if (belief.readAt <= belief.doubtedAt || age >= trustMs) return readNow(belief)
      if (age >= renewMs && !belief.reading) {
        beliefs.delete(key)
        beliefs.set(key, belief)
        // A failure is met again, and reported, by the call that can no longer do without the answer.
        renew(belief).catch(() => undefined)
      }
      return belief.value as V
    },

    doubt(about = () => true) {
      const at = elapsed()
      for (const belief of beliefs.values()) if (about(belief.question, belief.value)) belief.doubtedAt = at
    },
  }
}

/** Real time, not the house's: it measures how long ago another process may have spoken, and nobody turns that. */
const elapsed = (): number => performance.now()
