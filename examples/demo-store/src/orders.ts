import { randomUUID } from 'node:crypto'
import { type Cart, emptyCart } from './carts.ts'
import { type Database, inTransaction } from './database.ts'
import type { Cents } from './money.ts'

/**
 * One try to pay. `asked`: the platform was called, or was about to be, and its answer is not known.
 * `pending`: the platform is asking the bank. `approved`: it is, or will be, taken from the bank.
 * `failed`: it is not.
 */
export type Attempt = Readonly<{
  requestKey: string
  orderId: number
  bankCustomerId: string
  status: 'asked' | 'pending' | 'approved' | 'failed'
  paymentId: string | null
  /** The platform's own word for where the payment is. */
  bankStatus: string | null
  /** Why it failed, in the customer's words. */
  reason: string | null
}>
type OrderLine = Readonly<{ product: string; name: string; quantity: number; unitCents: Cents }>
export type Order = Readonly<{
  id: number
  number: string
  personId: number
  total: Cents
  createdAt: number
  lines: readonly OrderLine[]
  /** The latest try to pay for it. */
  attempt: Attempt
}>

const firstNumber = 1000
export const orderNumber = (id: number): string => `NW-${firstNumber + id}`

const attemptColumns = `request_key requestKey, order_id orderId, bank_customer_id bankCustomerId, status,
  payment_id paymentId, bank_status bankStatus, reason`

function insertAttempt(db: Database, orderId: number, bankCustomerId: string, now: number): void {
  db.prepare(
    `insert into attempt (request_key, order_id, bank_customer_id, status, created_at) values (?, ?, ?, 'asked', ?)`,
  ).run(randomUUID(), orderId, bankCustomerId, now)
}

type NewOrder = Readonly<{ personId: number; bankCustomerId: string; checkoutKey: string; visit: string; cart: Cart }>

/**
 * Makes the cart an order with its first try to pay, and empties the cart. A checkout makes one order, however often
 * its form is sent: again is answered with the order that stands. The platform has not been called yet.
 */
export function placeOrder(db: Database, wish: NewOrder, now: number): number {
  const { personId, bankCustomerId, checkoutKey, visit, cart } = wish
  return inTransaction(db, () => {
    const order = db
      .prepare(
        `insert into shop_order (checkout_key, person_id, total_cents, created_at) values (?, ?, ?, ?) returning id`,
      )
      .get(checkoutKey, personId, cart.total, now) as { id: number }
    const line = db.prepare(
      'insert into order_line (order_id, product, name, quantity, unit_cents) values (?, ?, ?, ?, ?)',
    )
    for (const { product, quantity } of cart.lines)
      line.run(order.id, product.id, product.name, quantity, product.cents)
    insertAttempt(db, order.id, bankCustomerId, now)
    emptyCart(db, visit)
    return order.id
  })
}

export function findOrderOfCheckout(db: Database, personId: number, checkoutKey: string): number | undefined {
  const row = db
    .prepare('select id from shop_order where checkout_key = ? and person_id = ?')
    .get(checkoutKey, personId) as { id: number } | undefined
  return row?.id
}

/** Another try, with a request key of its own. Does nothing unless the try before it has failed. */
export function tryAgain(db: Database, order: Order, bankCustomerId: string, now: number): void {
  inTransaction(db, () => {
    if (latestAttempt(db, order.id).status === 'failed') insertAttempt(db, order.id, bankCustomerId, now)
  })
}

export function latestAttempt(db: Database, orderId: number): Attempt {
  return db
    .prepare(`select ${attemptColumns} from attempt where order_id = ? order by rowid desc limit 1`)
    .get(orderId) as Attempt
}

export function orderTotal(db: Database, orderId: number): Cents {
  return (db.prepare('select total_cents total from shop_order where id = ?').get(orderId) as { total: Cents }).total
}

export type Outcome = Readonly<{
  status: Attempt['status']
  paymentId?: string
  bankStatus?: string
  reason?: string
}>

/** Writes down what the platform said. What it did not say stays as it was. */
export function recordOutcome(db: Database, requestKey: string, { status, ...said }: Outcome): void {
  db.prepare(
    `update attempt set status = ?, payment_id = coalesce(?, payment_id), bank_status = coalesce(?, bank_status),
       reason = ? where request_key = ?`,
  ).run(status, said.paymentId ?? null, said.bankStatus ?? null, said.reason ?? null, requestKey)
}

type OrderRow = { id: number; personId: number; total: Cents; createdAt: number }
const orderColumns = 'id, person_id personId, total_cents total, created_at createdAt'

function whole(db: Database, row: OrderRow): Order {
  const lines = db
    .prepare('select product, name, quantity, unit_cents unitCents from order_line where order_id = ? order by rowid')
    .all(row.id) as OrderLine[]
  return { ...row, number: orderNumber(row.id), lines, attempt: latestAttempt(db, row.id) }
}

/** Only the person's own orders are found; anybody else's does not exist. */
export function findOrder(db: Database, personId: number, number: string): Order | undefined {
  const id = Number(/^NW-(\d{4,12})$/.exec(number)?.[1]) - firstNumber
  if (!Number.isSafeInteger(id)) return undefined
  const row = db.prepare(`select ${orderColumns} from shop_order where id = ? and person_id = ?`).get(id, personId)
  return row && whole(db, row as OrderRow)
}

/** Newest first, at most fifty. */
export function listOrders(db: Database, personId: number): Order[] {
  const rows = db
    .prepare(`select ${orderColumns} from shop_order where person_id = ? order by id desc limit 50`)
    .all(personId) as OrderRow[]
  return rows.map((row) => whole(db, row))
}
