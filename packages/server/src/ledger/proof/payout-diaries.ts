import type { Tx } from '../../db/connect.ts'
import { Money } from '../../kernel/money.ts'
import { postingsFor } from '../../payouts/payout.postings.ts'
import { canMove, move, type Payout, type PayoutFact } from '../../payouts/payout.ts'
import { type Diaries, type Line, type Rules, replay } from './diary.ts'

const page = 500
const rules = { canMove, move, postingsFor } as Rules<Payout, PayoutFact>

type Constant = Pick<Payout, 'id' | 'merchantId'>
type Row = Constant & { amount: bigint; status: string; moves: number; lines: Line<PayoutFact>[] }

/** Payouts, from the moment they were drafted. */
export const payoutDiaries: Diaries = {
  kind: 'payout',
  async findIds(tx, ids) {
    const rows = await tx<{ id: string }[]>`select id from payout where id = any(${[...ids]}::uuid[])`
    return new Set(rows.map(({ id }) => id))
  },
  async replayAfter(tx, after) {
    const rows = await readPage(tx, after)
    return rows.map((row) => replay(asDrafted(row), row.lines, rules, row))
  },
}

const readPage = (tx: Tx, after: string) => tx<Row[]>`
  select id, merchant_id as "merchantId", amount, status, moves,
    (select coalesce(jsonb_agg(jsonb_build_object('seq', seq, 'fact', fact) order by seq), '[]')
     from payout_move where payout_id = payout.id) as lines
  from payout where id > ${after}::uuid order by id limit ${page}`

/** As far as its moves and its postings look at it. */
function asDrafted({ id, merchantId, amount }: Row): Payout {
  const drafted: Partial<Payout> = {
    id,
    merchantId,
    amount: Money.of(amount),
    status: 'drafted',
    moves: 0,
    presentment: 1,
  }
  return drafted as Payout
}
