import { randomBytes } from 'node:crypto'
import { type NewId, uuidv7At } from '../kernel/id.ts'

/** The real clock, real ids and real randomness. Only main/ may lend these. */
export const realNow = (): Date => new Date()

export const random = (bytes: number): Buffer => randomBytes(bytes)

/** UUIDv7 from the given clock. Random bytes are drawn in bulk: an id costs no system call. */
export function idsFrom(now: () => Date): NewId {
  let pool = Buffer.alloc(0)
  let at = 0
  return <K extends string>() => {
    if (at + 10 > pool.length) {
      pool = randomBytes(10_240)
      at = 0
    }
    const id = uuidv7At(now().getTime(), pool.subarray(at, at + 10))
    at += 10
    return id as ReturnType<NewId> & { readonly [key: symbol]: K } as never
  }
}
