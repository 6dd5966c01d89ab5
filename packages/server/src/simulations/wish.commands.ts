import { untilQuiet } from '../jobs/turns.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { getPayment } from '../payments/payment.queries.ts'
import type { Payment } from '../payments/payment.ts'
import type { OutsideWorld, WishAnswer } from './outside-world.ts'
import type { SimulationParts } from './simulation-parts.ts'

/** Jobs that take longer than this go on after the answer. */
const patienceMs = 30_000

/**
 * Wishes something to happen now to a merchant's payment at the customer's bank, fetches what the bank says of it, and
 * lets the jobs run out. Refuses: payment_not_found, simulation_impossible with what is possible,
 * outside_world_unreachable, no_worker, and what `wish` refuses.
 */
export async function wishFor(
  parts: SimulationParts,
  merchantId: MerchantId,
  id: string,
  wish: (world: OutsideWorld, traceNumber: string, payment: Payment) => Promise<WishAnswer>,
): Promise<{ traceNumber: string }> {
  const { house, world } = parts
  const { payment } = await getPayment(house, merchantId, id)
  const entry = await parts.entryOf(payment.id)
  if (!entry) throw impossible('it was not sent', whileUnsent(parts, payment))
  const answer = await wish(world, entry.traceNumber, payment)
  if (answer.kind === 'unknown') throw impossible('the bank has not seen it', whileUnsent(parts, payment))
  if (answer.kind === 'impossible') throw impossible(answer.why, answer.possible)
  await parts.collect(entry.bankId)
  await runOut(parts)
  return { traceNumber: entry.traceNumber }
}

async function runOut({ house }: SimulationParts): Promise<void> {
  const patience = AbortSignal.timeout(patienceMs)
  const ended = await untilQuiet(house.sql, patience).catch((error: unknown) => {
    if (!patience.aborted) throw error
  })
  if (ended === 'untaken') throw new Refusal('no_worker')
}

const impossible = (why: string, possible: readonly string[]) =>
  new Refusal('simulation_impossible', { why, possible: [...possible] })

/** What can be done with a payment that no bank knows of. */
function whileUnsent({ clock, nextCutOff }: SimulationParts, { status }: Payment): string[] {
  const cutOff = nextCutOff()?.toISOString()
  const wait = cutOff ? `advance the clock to the cut-off at ${cutOff}` : 'advance the clock'
  switch (status) {
    case 'created':
      return ['wait for the decision', 'cancel']
    case 'authorized':
      return ['cancel', wait]
    case 'declined':
    case 'canceled':
      return ['make another payment']
    default:
      return status === 'held' ? ['release', 'cancel'] : [`advance the clock from ${clock.now().toISOString()}`]
  }
}
