import { findProduct, type Product } from './catalog.ts'
import type { Database } from './database.ts'
import type { Cents } from './money.ts'

export const mostOfOne = 20

export type CartLine = Readonly<{ product: Product; quantity: number }>
export type Cart = Readonly<{ lines: readonly CartLine[]; total: Cents; count: number }>

export function readCart(db: Database, visit: string): Cart {
  const rows = db.prepare('select product, quantity from cart_line where visit = ? order by rowid').all(visit) as {
    product: string
    quantity: number
  }[]
  const lines = rows.flatMap(({ product: id, quantity }) => {
    const product = findProduct(id)
    return product ? [{ product, quantity }] : []
  })
  return {
    lines,
    total: lines.reduce((sum, { product, quantity }) => sum + product.cents * quantity, 0),
    count: lines.reduce((sum, { quantity }) => sum + quantity, 0),
  }
}

export function addToCart(db: Database, visit: string, product: Product): void {
  db.prepare(
    `insert into cart_line (visit, product, quantity) values (?, ?, 1)
     on conflict (visit, product) do update set quantity = min(quantity + 1, ?)`,
  ).run(visit, product.id, mostOfOne)
}

/** Sets how many of a product are in the cart; none takes it out. */
export function setQuantity(db: Database, visit: string, product: Product, quantity: number): void {
  if (quantity < 1) db.prepare('delete from cart_line where visit = ? and product = ?').run(visit, product.id)
  else
    db.prepare('update cart_line set quantity = ? where visit = ? and product = ?').run(
      Math.min(quantity, mostOfOne),
      visit,
      product.id,
    )
}

export function emptyCart(db: Database, visit: string): void {
  db.prepare('delete from cart_line where visit = ?').run(visit)
}
