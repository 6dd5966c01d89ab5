import type { World } from '../world.ts'

/** Throws away what has expired and can never be used again. */
async function sweep(world: World): Promise<void> {
  const now = world.realNow()
  await world.sql`delete from oidc_record where expires_at < ${now}`
  await world.sql`delete from sign_in_attempt where expires_at < ${now}`
  await world.sql`delete from online_session where expires_at < ${now}`
}

/** Sweeps now and then; a failed sweep is logged and made up for by the next. Returns what stops it. */
export function sweepEvery(world: World, everyMs: number): () => void {
  const timer = setInterval(() => {
    sweep(world).catch((error: Error) => world.log.warn({ error: error.message }, 'sweep failed'))
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
