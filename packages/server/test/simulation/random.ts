import { createHash } from 'node:crypto'

/** Chance that comes out the same whenever it begins with the same words. */
export type Random = Readonly<{
  /** From 0 up to, not including, 1. */
  next(): number
  chance(probability: number): boolean
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  pick<T>(some: readonly T[]): T
}>

export function randomOf(...words: readonly (string | number)[]): Random {
  let state = createHash('sha256').update(words.join(' ')).digest().readUInt32LE(0)
  // Mulberry32: small, quick, and good enough to roll dice.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: <T>(some: readonly T[]) => some[between(0, some.length - 1)] as T,
  }
}

/** Bytes that look random and are the same in every run. */
export function bytesOf(...words: readonly (string | number)[]): (bytes: number) => Buffer {
  let count = 0
  const block = () =>
    createHash('sha256')
      .update(`${words.join(' ')} ${count++}`)
      .digest()
  return (bytes) => Buffer.concat(Array.from({ length: Math.ceil(bytes / 32) }, block)).subarray(0, bytes)
}
