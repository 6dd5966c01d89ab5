import { randomBytes } from 'node:crypto'

/** The real clock and real randomness. Only main/ may lend these. */
export const realNow = (): Date => new Date()

export const random = (bytes: number): Buffer => randomBytes(bytes)
