import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from '../src/db/connect.ts'

/**
 * Drops a test's database once everyone has left it. A pool that has been ended says goodbye a moment later, and the
 * job runner's migrations do not wait for theirs: cut off in the middle of it, either would complain to nobody, which
 * ends the run.
 */
export async function dropDatabase(admin: Sql, name: string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const [there] = await admin`select 1 from pg_stat_activity where datname = ${name} limit 1`
    if (!there) break
    await sleep(10)
  }
  await admin`drop database ${admin(name)} with (force)`
}
