import pino from 'pino'
import { connect } from '../db/connect.ts'
import type { House } from '../house.ts'
import { openApp } from '../http/app.ts'
import { idMaker } from '../kernel/id.ts'
import { refusals } from '../kernel/refusal.ts'
import { wireStatus } from '../payments/status.wire.ts'
import { moves as payoutMoves } from '../payouts/payout.ts'
import { moves as sessionMoves } from '../sessions/session.ts'
import type { SimulationParts } from '../simulations/simulation-parts.ts'
import { events } from '../webhooks/event.ts'
import { mountRoutes } from './api.ts'
import { random, realNow } from './clock.ts'
import { paymentLifecyclePage } from './payment-lifecycle-page.ts'
import { returnCodesPage } from './return-codes-page.ts'

const byHand = '<!-- Printed by `npm run print` from the code; a change here is overwritten. -->'

/** The documents that are printed from the code's own tables, by their path. Needs no database. */
export async function printed(): Promise<Record<string, string>> {
  return {
    'docs/openapi.json': `${JSON.stringify(await openapi(), null, 2)}\n`,
    'docs/reference/errors.md': errorsPage(),
    'docs/reference/errors.json': `${JSON.stringify(errorList(), null, 2)}\n`,
    'docs/reference/events.md': eventsPage(),
    'docs/reference/return-codes.md': returnCodesPage(byHand),
    'docs/concepts/payment-lifecycle.md': paymentLifecyclePage(byHand, wireStatus),
    'docs/concepts/payout-lifecycle.md': lifecycle('A payout', 'drafted', payoutMoves),
    'docs/concepts/session-lifecycle.md': lifecycle('A visit to the hosted flow', 'created', sessionMoves),
  }
}

async function openapi(): Promise<unknown> {
  // Describing the routes asks nothing of the house but its addresses; the database is never connected to.
  const house = {
    sql: connect('postgres://nobody@127.0.0.1:1/nothing'),
    now: realNow,
    realNow,
    newId: idMaker(realNow, random),
    random,
    settings: { apiUrl: 'http://localhost:4000', clientUrl: 'http://localhost:4001' },
    log: pino({ level: 'silent' }),
  } as unknown as House
  const app = openApp(house, 'api')
  await mountRoutes(app, house, { house } as SimulationParts)
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}

const errorList = () =>
  Object.values(refusals).map(([status, errorCode, errorId, message, remedy]) => ({
    status,
    errorCode,
    errorId,
    message,
    remedy,
  }))

function errorsPage(): string {
  const rows = errorList()
    .sort((a, b) => a.errorId - b.errorId)
    .map((row) => `| ${row.status} | \`${row.errorCode}\` | ${row.errorId} | ${row.message} | ${row.remedy} |`)
  return [
    '# Errors',
    '',
    byHand,
    '',
    'Every 4xx and 5xx has this body; `errors` is there when members of the request are not right. An `errorId` never changes.',
    '',
    '```json',
    '{"errorId":10001,"errorCode":"INVALID_REQUEST","errorMessage":"…","errorSeverity":"ERROR","requestId":"…",',
    ' "docs":"…","errors":[{"pointer":"/amount/value","code":"amount","message":"…"}]}',
    '```',
    '',
    '| status | errorCode | errorId | means | what to do |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function eventsPage(): string {
  const rows = Object.entries(events).map(([type, { category, says }]) => `| \`${type}\` | ${category} | ${says} |`)
  return [
    '# Events',
    '',
    byHand,
    '',
    'Written in the transaction in which they happen, in order per resource.',
    '',
    '| event | category | when |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** A table of moves as a diagram and as a list. */
function lifecycle(title: string, first: string, moves: Record<string, readonly string[]>): string {
  const lines = Object.entries(moves).flatMap(([state, facts]) => facts.map((fact) => `| \`${state}\` | ${fact} |`))
  const ends = Object.entries(moves)
    .filter(([, facts]) => facts.length === 0)
    .map(([state]) => `\`${state}\``)
  return [
    `# ${title}: its states`,
    '',
    byHand,
    '',
    `It begins as \`${first}\`. Nothing follows ${ends.join(', ')}.`,
    '',
    '| in state | may happen |',
    '|---|---|',
    ...lines,
    '',
  ].join('\n')
}
