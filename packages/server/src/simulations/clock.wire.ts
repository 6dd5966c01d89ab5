import { type Static, Type } from 'typebox'
import { invalid } from '../http/errors.ts'
import { addBankingDays, atEastern, easternDay, easternTime } from '../kernel/banking-day.ts'
import { looksLikeId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { events } from '../webhooks/event.ts'
import type { AdvancedFor, AdvanceFor } from './clock.commands.ts'
import { parseDuration, parseInstant } from './duration.ts'
import type { ClockReading } from './turnable-clock.ts'

const dayMs = 24 * 60 * 60_000
const mostDays = 400
/** The calendars know their holidays for longer; nobody needs more. */
const latest = new Date('2150-01-01T00:00:00Z')

const Instant = Type.String({ description: 'ISO 8601 with milliseconds, UTC.' })

export const ClockWire = Type.Object(
  {
    now: Instant,
    standing: Type.Boolean({ description: 'It shows the same instant until it is advanced or let run.' }),
    advancing: Type.Union([Type.Null(), Type.Object({ from: Instant, to: Instant, at: Instant })]),
    nextDueAt: Type.Union([Type.Null(), Instant], {
      description: 'When the next thing happens, here or in the pretend outside world.',
    }),
  },
  { title: 'Clock' },
)

export const clockToWire = (reading: ClockReading, nextDueAt: Date | null): Static<typeof ClockWire> => ({
  now: reading.now.toISOString(),
  standing: reading.standing,
  advancing: reading.advance && {
    from: reading.advance.from.toISOString(),
    to: reading.advance.to.toISOString(),
    at: reading.now.toISOString(),
  },
  nextDueAt: nextDueAt?.toISOString() ?? null,
})

export const StandBody = Type.Object({ standing: Type.Boolean() }, { title: 'SetClock' })

export const AdvanceBody = Type.Object(
  {
    to: Type.Optional(Type.String({ maxLength: 40, description: 'An instant with its zone.' })),
    by: Type.Optional(
      Type.Union([
        Type.String({
          maxLength: 40,
          description: 'An ISO 8601 duration of weeks, days (24 hours), hours, minutes and seconds.',
          examples: ['P5D'],
        }),
        Type.Object({
          bankingDays: Type.Integer({
            minimum: 1,
            maximum: mostDays,
            description: 'To the same time of day in New York, so many banking days later.',
          }),
        }),
      ]),
    ),
    untilEvent: Type.Optional(
      Type.String({
        maxLength: 100,
        description: 'Stop as soon as you have this event.',
        examples: ['payment.succeeded'],
      }),
    ),
    paymentId: Type.Optional(Type.String({ maxLength: 200, description: 'With untilEvent: about this payment.' })),
    atMost: Type.Optional(
      Type.String({ maxLength: 40, description: 'With untilEvent: a duration; P70D when absent.' }),
    ),
    standing: Type.Optional(Type.Boolean({ description: 'Stand at the end, instead of running on.' })),
  },
  { title: 'AdvanceClock' },
)

export const AdvancedWire = Type.Object(
  {
    from: Instant,
    now: Instant,
    standing: Type.Boolean(),
    steps: Type.Integer({ description: 'How many things were due.' }),
    jobs: Type.Integer({ description: 'How many jobs were asked for.' }),
    failedJobs: Type.Integer({ description: 'How many jobs have failed and wait to be tried again.' }),
    events: Type.Record(Type.String(), Type.Integer(), { description: 'Your events on the way, by type.' }),
    found: Type.Optional(Type.Boolean({ description: 'With untilEvent: whether it came.' })),
  },
  { title: 'Advanced' },
)

export const advancedToWire = ({ found, ...advanced }: AdvancedFor): Static<typeof AdvancedWire> => ({
  from: advanced.from.toISOString(),
  now: advanced.now.toISOString(),
  standing: advanced.standing,
  steps: advanced.steps,
  jobs: advanced.jobs,
  failedJobs: advanced.failedJobs,
  events: { ...advanced.events },
  ...(found === null ? {} : { found }),
})

/** Refuses: invalid_request, payment_not_found. */
export function advanceFromWire(body: Static<typeof AdvanceBody>, now: Date): AdvanceFor {
  const { to, by, untilEvent, paymentId, atMost, standing = false } = body
  if ([to, by, untilEvent].filter((way) => way !== undefined).length !== 1)
    throw invalid({ pointer: '', code: 'one_of', message: 'must have one of to, by and untilEvent' })
  if (untilEvent === undefined && (paymentId ?? atMost) !== undefined)
    throw invalid({ pointer: '/untilEvent', code: 'required', message: 'is required with paymentId and atMost' })
  if (to !== undefined) return { to: notPast(instant(to), now, '/to'), standing, until: null }
  if (by !== undefined) return { to: notTooFar(later(by, now), now, '/by'), standing, until: null }
  const type = Object.keys(events).find((one) => one === untilEvent?.toLowerCase())
  if (!type)
    throw invalid({ pointer: '/untilEvent', code: 'enum', message: `must be one of ${Object.keys(events).join(', ')}` })
  if (paymentId !== undefined && !looksLikeId(paymentId)) throw new Refusal('payment_not_found')
  const until = { type, paymentId: paymentId?.toLowerCase() ?? null }
  return { to: notTooFar(after(now, atMost ?? 'P70D', '/atMost'), now, '/atMost'), standing, until }
}

function instant(text: string): Date {
  const at = parseInstant(text)
  if (!at)
    throw invalid({ pointer: '/to', code: 'instant', message: 'must be an instant such as 2026-01-05T15:00:00Z' })
  return at
}

function later(by: string | { bankingDays: number }, now: Date): Date {
  if (typeof by === 'string') return after(now, by, '/by')
  const day = addBankingDays(easternDay(now), by.bankingDays)
  return new Date(atEastern(day, easternTime(now)).getTime() + (now.getTime() % 60_000))
}

function after(now: Date, duration: string, pointer: string): Date {
  const ms = parseDuration(duration.toUpperCase())
  if (!ms)
    throw invalid({
      ...{ pointer, code: 'duration' },
      message: 'must be an ISO 8601 duration such as P5D or PT2H30M, without months and years',
    })
  return new Date(now.getTime() + ms)
}

function notPast(to: Date, now: Date, pointer: string): Date {
  if (to < now)
    throw invalid({ pointer, code: 'past', message: `is before ${now.toISOString()}, and the clock never turns back` })
  return notTooFar(to, now, pointer)
}

function notTooFar(to: Date, now: Date, pointer: string): Date {
  if (to.getTime() - now.getTime() > mostDays * dayMs)
    throw invalid({ pointer, code: 'range', message: `must be at most ${mostDays} days ahead of the clock` })
  if (to > latest) throw invalid({ pointer, code: 'range', message: `must be before ${latest.toISOString()}` })
  return to
}
