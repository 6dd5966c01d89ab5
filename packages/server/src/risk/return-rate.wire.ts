import { type Static, Type } from 'typebox'
import type { ReturnRates } from './return-rate.queries.ts'
import { percent, percentOfBps, type Rate, type Span, type Standing } from './return-rate.ts'

const wireSpan = { sixty_days: 'LAST_60_DAYS', two_months: 'LAST_TWO_MONTHS' } as const satisfies Record<Span, string>
const wireRate = {
  unauthorized: 'UNAUTHORIZED',
  administrative: 'ADMINISTRATIVE',
  overall: 'OVERALL',
} as const satisfies Record<Rate, string>
const wireStanding = {
  too_few: 'TOO_FEW_TO_JUDGE',
  ok: 'OK',
  warning: 'WARNING',
  exceeded: 'EXCEEDED',
} as const satisfies Record<Standing, string>

const RateWire = Type.Object({
  rate: Type.Enum(Object.values(wireRate)),
  returns: Type.Integer({ description: 'How many of the debits have come back by now.' }),
  percent: Type.String({ description: 'To be read: rounded to three places.', examples: ['0.423'] }),
  limitPercent: Type.String({ description: 'More than this is too much.', examples: ['0.5'] }),
  status: Type.Enum(Object.values(wireStanding), { description: 'WARNING begins at half of the limit.' }),
})

export const ReturnRatesWire = Type.Object(
  {
    asOf: Type.String({ description: 'Today, in New York.', examples: ['2026-03-02'] }),
    countedUntil: Type.Union([Type.String(), Type.Null()], {
      description:
        'Returns that arrived later are not counted yet. They are counted every morning at 10:00 in New York.',
    }),
    fewestDebits: Type.Integer({ description: 'Fewer debits than this are not judged.' }),
    windows: Type.Array(
      Type.Object({
        window: Type.Enum(Object.values(wireSpan)),
        from: Type.String(),
        to: Type.String(),
        debits: Type.Integer({ description: 'Debits by the day on which they settled, each presentment for itself.' }),
        rates: Type.Array(RateWire),
      }),
    ),
    debitsHeldSince: Type.Union([Type.String(), Type.Null()], {
      description: 'New debits are held by the platform since then. Null: they are not.',
    }),
  },
  { title: 'ReturnRates' },
)

export const returnRatesToWire = (read: ReturnRates): Static<typeof ReturnRatesWire> => ({
  asOf: read.today,
  countedUntil: read.countedUntil?.toISOString() ?? null,
  fewestDebits: read.thresholds.fewestDebits,
  windows: read.spans.map(({ span, from, to, debits, judged }) => ({
    ...{ window: wireSpan[span], from, to, debits },
    rates: judged.map(({ rate, returns, standing }) => ({
      ...{ rate: wireRate[rate], returns, percent: percent(returns, debits) },
      limitPercent: percentOfBps(read.thresholds.bps[rate]),
      status: wireStanding[standing],
    })),
  })),
  debitsHeldSince: read.heldSince?.toISOString() ?? null,
})
