import { Refusal } from '../kernel/refusal.ts'
import type { OutsideWorld, WorldClock } from './outside-world.ts'

/** Its clock runs on between our looking and our turning. */
const marginMs = 50
const mostTries = 5

/**
 * Turns the outside world's clock to ours. Where it is ahead, because it ran on while ours stood, or because somebody
 * turned it, it stays where it is: it never turns back either. Refuses: outside_world_unreachable.
 */
export async function follow(
  world: OutsideWorld,
  at: Date,
  standing: boolean,
): Promise<WorldClock & Readonly<{ wrote: number }>> {
  for (let to = at, tries = 0; tries < mostTries; tries++) {
    const turned = await world.turnTo(to, standing)
    if (turned !== 'ahead') return turned
    const clock = await world.clock()
    const reached = clock.standing ? clock.now.getTime() : clock.now.getTime() + marginMs * 2 ** tries
    to = new Date(Math.max(at.getTime(), reached))
  }
  throw new Refusal('outside_world_unreachable', { why: 'its clock runs away' })
}
