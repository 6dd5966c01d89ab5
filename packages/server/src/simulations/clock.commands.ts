import { findNextDue } from '../agenda/agenda.queries.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { getPayment } from '../payments/payment.queries.ts'
import { type Advanced, advance } from './advance.ts'
import { countEventsAfter, findEventMark, hasEventAfter } from './event-mark.queries.ts'
import { follow } from './follow.ts'
import type { SimulationParts } from './simulation-parts.ts'
import type { ClockReading } from './turnable-clock.ts'

/** A merchant's wish to be later. `until`: or as soon as they have this event. */
export type AdvanceFor = Readonly<{
  to: Date
  standing: boolean
  until: Readonly<{ type: string; paymentId: string | null }> | null
}>

/** What came of it for the merchant. `found`: null when no event was waited for. */
export type AdvancedFor = Advanced & Readonly<{ events: Readonly<Record<string, number>>; found: boolean | null }>

/**
 * Advances the clock for a merchant, and counts their events on the way.
 * Refuses: clock_advancing, outside_world_unreachable, no_worker, payment_not_found; unavailable when the process ends.
 */
export async function advanceFor(
  parts: SimulationParts,
  merchantId: MerchantId,
  wish: AdvanceFor,
  signal: AbortSignal,
): Promise<AdvancedFor> {
  const { house, clock, world, collect } = parts
  const { to, standing, until } = wish
  if (until?.paymentId) await getPayment(house, merchantId, until.paymentId)
  const mark = await findEventMark(house, merchantId)
  const wanted = until && { type: until.type, resourceId: until.paymentId }
  const isEnough = wanted && (() => hasEventAfter(house, merchantId, mark, wanted))
  const advanced = await advance(
    { house, clock, world, afterWrote: () => collect(), signal },
    { to, standing, ...(isEnough ? { isEnough } : {}) },
  ).catch((error: unknown) => {
    throw signal.aborted ? new Refusal('unavailable', { why: 'the process ends' }) : error
  })
  const events = await countEventsAfter(house, merchantId, mark)
  return { ...advanced, events, found: until ? advanced.enough : null }
}

/** Makes the clock stand, or run on from where it is, and the outside world's with it. */
export async function standStill({ clock, world }: SimulationParts, standing: boolean): Promise<void> {
  // Asked first: two clocks that go differently help nobody.
  await world.clock()
  await clock.stand(standing)
  await follow(world, clock.now(), standing)
}

/** What the clock shows, and when the next thing happens, here or outside. */
export async function readClock({
  house,
  clock,
  world,
}: SimulationParts): Promise<{ reading: ClockReading; nextDueAt: Date | null }> {
  await clock.refresh()
  const reading = clock.read()
  // While it is advanced, the outside world has other things to do than to tell the time.
  const outside = reading.advance ? undefined : await world.clock().catch(() => undefined)
  const ours = await findNextDue(house.sql)
  const both = [ours, outside?.nextDueAt].filter((at) => at instanceof Date)
  return { reading, nextDueAt: both.sort((a, b) => a.getTime() - b.getTime())[0] ?? null }
}
