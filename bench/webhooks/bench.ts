import type { Effort } from '../measuring/effort.ts'
import type { Report } from '../measuring/table.ts'
import { benchBacklog } from './backlog.ts'
import { benchDead } from './dead.ts'
import { withDeployment } from './deployment.ts'
import { benchLatency } from './latency.ts'
import { benchNumbering } from './numbering.ts'
import { benchThroughput } from './throughput.ts'

const notes = [
  "The worker is the real one, in its own process; so are the announcing process (which stands for the API) and the merchants' servers (plain sockets, always 200). All of them, PostgreSQL and the yardsticks share the machine.",
  'Yardstick of deliveries: a loop over undici pools with as many calls under way (16 to one endpoint, keep-alive), the bodies ready in memory, signed the same way. It reads nothing and writes nothing down.',
  'Yardstick of the time from commit to receipt: one process that inserts a row and notifies in a transaction; its listener reads the row, signs it and posts it by undici. Changes are due by the clock, at the same rate.',
]

/** Telling merchants: how much, how soon, and what dead receivers and long backlogs do to it. */
export const benchWebhooks = (effort: Effort): Promise<Report> =>
  withDeployment(async (deployment) => ({
    title: 'Webhooks',
    notes,
    rows: [
      ...(await benchThroughput(deployment, effort)),
      ...(await benchLatency(deployment, effort)),
      ...(await benchDead(deployment, effort)),
      ...(await benchNumbering(deployment)),
      ...(await benchBacklog(deployment)),
    ],
  }))
