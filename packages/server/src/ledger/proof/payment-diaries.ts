import type { Tx } from '../../db/connect.ts'
import { Money } from '../../kernel/money.ts'
import { postingsFor } from '../../payments/payment.postings.ts'
import { canMove, move, type Payment, type PaymentFact, unborn } from '../../payments/payment.ts'
import { type Diaries, type Line, type Rules, replay } from './diary.ts'

const page = 500
const rules = { canMove, move, postingsFor } as Rules<Payment, PaymentFact>

type Constant = Pick<Payment, 'id' | 'type' | 'merchantId' | 'refundOf'>
type Row = Constant & { amount: bigint; status: string; moves: number; lines: Line<PaymentFact>[] }

/** Payments, from the day they were made: the row says what never changes, the diary all else. */
export const paymentDiaries: Diaries = {
  kind: 'payment',
  async findIds(tx, ids) {
    const rows = await tx<{ id: string }[]>`select id from payment where id = any(${[...ids]}::uuid[])`
    return new Set(rows.map(({ id }) => id))
  },
  async replayAfter(tx, after) {
    const rows = await readPage(tx, after)
    return rows.map((row) => replay(asItBegan(row), row.lines, rules, row))
  },
}

const readPage = (tx: Tx, after: string) => tx<Row[]>`
  select id, type, merchant_id as "merchantId", refund_of as "refundOf", amount, status, moves,
    (select coalesce(jsonb_agg(jsonb_build_object('seq', seq, 'fact', fact) order by seq), '[]')
     from payment_move where payment_id = payment.id) as lines
  from payment where id > ${after}::uuid order by id limit ${page}`

/** As far as its moves and its postings look at it. */
function asItBegan({ id, type, merchantId, refundOf, amount }: Row): Payment {
  const begun: Partial<Payment> = { ...unborn, id, type, merchantId, refundOf, amount: Money.of(amount) }
  return begun as Payment
}
