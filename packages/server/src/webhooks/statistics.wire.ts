import { type Static, Type } from 'typebox'
import { mostCounted } from './endpoint.queries.ts'
import type { AttemptFigures, Statistics } from './statistics.queries.ts'

const FiguresWire = Type.Object(
  {
    attempts: Type.Integer({ description: 'Calls made; the newest 100,000 where there were more.' }),
    delivered: Type.Integer(),
    failed: Type.Integer(),
    successRate: Type.Optional(Type.Number({ description: 'From 0 to 1.', examples: [0.998] })),
    medianMs: Type.Optional(Type.Integer({ description: 'Half of the calls took this long at most.' })),
    p95Ms: Type.Optional(Type.Integer({ description: 'Nineteen of twenty did.' })),
  },
  { title: 'AttemptFigures' },
)

const upTo = `${mostCounted} means at least so many.`
export const StatisticsWire = Type.Object(
  {
    last24Hours: FiguresWire,
    last7Days: FiguresWire,
    waiting: Type.Integer({ description: `Deliveries that wait for their next attempt; ${upTo}` }),
    oldestWaitingSince: Type.Optional(
      Type.String({ format: 'date-time', description: 'When the event of the oldest of them happened.' }),
    ),
    failed: Type.Integer({ description: `Deliveries that were given up; ${upTo}` }),
    behind: Type.Integer({ description: `Wanted events that were not sent at all yet; ${upTo}` }),
  },
  { title: 'SubscriptionStatistics' },
)

const figuresToWire = ({ medianMs, p95Ms, ...counts }: AttemptFigures): Static<typeof FiguresWire> => ({
  ...counts,
  ...(counts.attempts === 0 ? {} : { successRate: counts.delivered / counts.attempts }),
  ...(medianMs === null ? {} : { medianMs }),
  ...(p95Ms === null ? {} : { p95Ms }),
})

export const statisticsToWire = (found: Statistics): Static<typeof StatisticsWire> => ({
  last24Hours: figuresToWire(found.day),
  last7Days: figuresToWire(found.week),
  waiting: found.waiting,
  ...(found.oldestWaiting === null ? {} : { oldestWaitingSince: found.oldestWaiting.toISOString() }),
  ...{ failed: found.failed, behind: found.behind },
})
