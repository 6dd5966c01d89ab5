import type { Sql, Tx } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'

const channel = 'events_numbered'
/** A notification holds at most 8000 bytes. Of more merchants at once it is said that it may be anybody. */
const mostNamed = 200
/** Some connection poolers carry no notifications: then this must do. Real time. */
const lookMs = 2_000
const mostWaiting = 200
/** One merchant does not take all places. */
const mostOfMerchant = 20

/** Tells every process, when the transaction commits, whose events got their places in it: within a statement. */
export const ringing = (tx: Tx, merchantIds: ReturnType<Sql>): ReturnType<Sql> => tx`
  select pg_notify(${channel}, case when count(*) <= ${mostNamed}::int then string_agg(id::text, ',') else '' end)
  from (${merchantIds}) as merchant (id) having count(*) > 0`

/** A place to wait for a merchant's next event. Whoever takes one reads after that, and misses nothing. */
export type Seat = Readonly<{
  /**
   * Waits until something may have got its place since the last time, or `ms` of real time are over. Answers whether to
   * go on waiting: not when the bell was closed, or `gone` says so.
   */
  next(ms: number, gone: AbortSignal): Promise<boolean>
  leave(): void
}>

export type EventBell = Readonly<{
  /** Refuses too_many_waiting. */
  takeSeat(merchantId: MerchantId): Seat
  /** Whoever waits is woken, and waits no more. */
  close(): Promise<void>
}>

type Ring = () => void

/** One ear at the database for all who wait in this process. It is not opened before somebody does. */
export function openEventBell(house: Pick<House, 'sql' | 'log'>): EventBell {
  const waiting = new Map<MerchantId, Set<Ring>>()
  let isClosed = false
  const ringFor = (id: MerchantId) => waiting.get(id)?.forEach((wake) => void wake())
  const ringAll = () => [...waiting.keys()].forEach(ringFor)
  const hear = (text: string) => (text === '' ? ringAll() : (text.split(',') as MerchantId[]).forEach(ringFor))
  const ear = openEar(house, hear, ringAll)
  const look = openLook(house, () => [...waiting.keys()], ringFor)

  return {
    takeSeat(merchantId) {
      const beside = waiting.get(merchantId) ?? new Set<Ring>()
      const all = [...waiting.values()].reduce((sum, { size }) => sum + size, 0)
      if (all >= mostWaiting || beside.size >= mostOfMerchant) throw new Refusal('too_many_waiting')
      let rung = false
      let wake: Ring = () => undefined
      const hear: Ring = () => {
        rung = true
        wake()
      }
      waiting.set(merchantId, beside.add(hear))
      ear.open()
      look.begin()
      return {
        async next(ms, gone) {
          if (!rung && !isClosed && !gone.aborted) await sleep(ms, gone, (end) => (wake = end))
          rung = false
          return !isClosed && !gone.aborted
        },
        leave() {
          beside.delete(hear)
          if (beside.size === 0) waiting.delete(merchantId)
        },
      }
    },
    async close() {
      isClosed = true
      ringAll()
      await Promise.all([ear.close(), look.end()])
    },
  }
}

async function sleep(ms: number, gone: AbortSignal, lend: (end: () => void) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  gone.addEventListener('abort', () => resolve(), { once: true })
  lend(resolve)
  await promise
  clearTimeout(timer)
}

/** After a gap in the connection everybody is said to have been rung for. */
function openEar({ sql, log }: Pick<House, 'sql' | 'log'>, hear: (text: string) => void, missed: () => void) {
  let opened: Promise<{ unlisten(): Promise<void> } | undefined> | undefined
  const open = () => {
    opened ??= sql.listen(channel, hear, missed).catch((error: unknown) => {
      log.warn({ err: error }, 'new events are not heard of, only looked for every two seconds')
      opened = undefined
      return undefined
    })
  }
  const close = async () => {
    await (await opened)?.unlisten().catch(() => undefined)
  }
  return { open, close }
}

/** Looks, while anybody waits, whether a merchant has more events than at the last look. */
function openLook(
  { sql, log }: Pick<House, 'sql' | 'log'>,
  who: () => MerchantId[],
  ringFor: (id: MerchantId) => void,
) {
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let known = new Map<MerchantId, bigint>()
  let isEnded = false
  const look = async () => {
    const rows = await sql<{ merchant_id: MerchantId; last: bigint }[]>`
      select merchant_id, last from event_counter where merchant_id = any(${who()}::uuid[])`
    for (const { merchant_id: id, last } of rows) if (known.get(id) !== last) ringFor(id)
    known = new Map(rows.map(({ merchant_id: id, last }) => [id, last]))
  }
  const begin = () => {
    timer ??= setTimeout(() => {
      looking = look()
        .catch((error: unknown) => log.warn({ err: error }, 'new events could not be looked for'))
        .finally(() => {
          timer = undefined
          if (who().length > 0 && !isEnded) begin()
        })
    }, lookMs)
  }
  const end = async () => {
    isEnded = true
    clearTimeout(timer)
    await looking
  }
  return { begin, end }
}
