import { type Static, Type } from 'typebox'
import { invalid } from '../http/errors.ts'
import { instantFrom, PageQuery, pageFrom } from '../http/wire.ts'
import type { PaymentFilter } from './payment.queries.ts'
import type { PaymentStatus, PaymentType } from './payment.ts'
import { statuses, wireStatus } from './status.wire.ts'
import { types } from './transaction.wire.ts'

export const ListPaymentsQuery = Type.Object({
  ...PageQuery,
  status: Type.Optional(Type.String({ maxLength: 30, description: statuses.join(', ') })),
  paymentType: Type.Optional(Type.String({ maxLength: 30, description: types.join(', ') })),
  refundOf: Type.Optional(Type.String({ maxLength: 200, description: 'The refunds of this payment.' })),
  customerId: Type.Optional(Type.String({ maxLength: 200 })),
  requestKey: Type.Optional(Type.String({ maxLength: 128 })),
  clientReferenceId: Type.Optional(Type.String({ maxLength: 255 })),
  createdFrom: Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601, inclusive.' })),
  createdBefore: Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601, exclusive.' })),
})

const oursOf: Readonly<Record<string, readonly PaymentType[]>> = { DEBIT: ['debit'], CREDIT: ['credit', 'refund'] }

export function filterFromWire(query: Static<typeof ListPaymentsQuery>): PaymentFilter {
  const page = pageFrom(query)
  return {
    limit: page.limit + 1,
    after: page.after,
    statuses: statusesFrom(query.status),
    types: typesFrom(query.paymentType),
    refundOf: query.refundOf?.toLowerCase() ?? null,
    customerId: query.customerId?.toLowerCase() ?? null,
    requestKey: query.requestKey ?? null,
    clientReferenceId: query.clientReferenceId ?? null,
    createdFrom: instantOrNull(query.createdFrom, '?createdFrom'),
    createdBefore: instantOrNull(query.createdBefore, '?createdBefore'),
  }
}

function statusesFrom(text: string | undefined): PaymentStatus[] | null {
  const wanted = text?.toUpperCase()
  if (!wanted) return null
  const matching = (Object.keys(wireStatus) as PaymentStatus[]).filter((status) => wireStatus[status] === wanted)
  if (matching.length === 0)
    throw invalid({ pointer: '?status', code: 'enum', message: `must be one of ${statuses.join(', ')}` })
  return matching
}

function typesFrom(text: string | undefined): readonly PaymentType[] | null {
  if (!text) return null
  const [, matching] = Object.entries(oursOf).find(([word]) => word === text.toUpperCase()) ?? []
  if (!matching) throw invalid({ pointer: '?paymentType', code: 'enum', message: `must be one of ${types.join(', ')}` })
  return matching
}

const instantOrNull = (text: string | undefined, pointer: string): Date | null =>
  text === undefined ? null : instantFrom(text, pointer)
