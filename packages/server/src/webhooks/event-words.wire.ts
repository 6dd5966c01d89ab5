import { invalid } from '../http/errors.ts'
import { type Category, categories, type EventType, eventTypes } from './event.ts'

/** Event types as a caller wrote them, in any case. `pointerTo` says where each stands. Refuses invalid_request. */
export const typesFromWire = (words: readonly string[], pointerTo: (index: number) => string): EventType[] =>
  known(words, eventTypes, 'an event', pointerTo)

/** Categories as a caller wrote them, in any case. Refuses invalid_request. */
export const categoriesFromWire = (words: readonly string[], pointerTo: (index: number) => string): Category[] =>
  known(words, categories, 'a category', pointerTo)

function known<T extends string>(
  words: readonly string[],
  all: readonly T[],
  what: string,
  pointerTo: (index: number) => string,
): T[] {
  const read = words.map((word) => all.find((one) => one.toLowerCase() === word.trim().toLowerCase()))
  const faults = read.flatMap((one, index) => {
    if (one) return []
    const word = words[index] ?? ''
    const meant = nearest(word.trim(), all)
    const end = meant ? `; did you mean ${meant}?` : '.'
    const message = `must be ${what}, which '${word}' is not${end} There are ${all.join(', ')}`
    return [{ pointer: pointerTo(index), code: 'enum', message }]
  })
  if (faults.length > 0) throw invalid(...faults.slice(0, 20))
  return read.filter((one) => one !== undefined)
}

/** The word that was probably meant: its own end, or what is a third of its letters away at most. */
function nearest<T extends string>(word: string, all: readonly T[]): T | undefined {
  const lower = word.toLowerCase()
  const tail = lower === '' ? undefined : all.find((one) => one.toLowerCase().endsWith(`.${lower}`))
  const [best] = all
    .map((one) => ({ one, away: distance(lower, one.toLowerCase()) }))
    .filter(({ one, away }) => away <= one.length / 3)
    .sort((a, b) => a.away - b.away)
  return tail ?? best?.one
}

/** How many letters must be put in, left out or replaced (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (let at = 1; at <= to.length; at++) {
      const replaced = (row[at - 1] ?? 0) + (to[at - 1] === letter ? 0 : 1)
      next.push(Math.min(replaced, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
