import type { AccountDetails } from '@rialto/node-sdk'
import { type Html, html } from './html.ts'
import { drawingOf } from './illustrations.ts'
import { price } from './money.ts'
import type { Attempt, Order } from './orders.ts'
import { bankName, linkButton } from './pages.bank.ts'
import { csrfField } from './pages.frame.ts'

type Standing = Readonly<{ tone: 'good' | 'calm' | 'bad'; word: string }>

const progress: Readonly<Record<string, Standing>> = {
  HELD: { tone: 'calm', word: 'Approved, held for us' },
  SCHEDULED: { tone: 'calm', word: 'On its way' },
  INITIATED: { tone: 'calm', word: 'Sent to your bank' },
  SUCCEEDED: { tone: 'good', word: 'Paid' },
  RETRYABLE_FAILED: { tone: 'bad', word: 'Returned by your bank' },
  CANCELED: { tone: 'bad', word: 'Canceled' },
}
const byStatus: Readonly<Record<Attempt['status'], Standing>> = {
  asked: { tone: 'calm', word: 'Confirming' },
  pending: { tone: 'calm', word: 'Confirming' },
  approved: { tone: 'good', word: 'Approved' },
  failed: { tone: 'bad', word: 'Not paid' },
}
const standingOf = ({ status, bankStatus }: Attempt): Standing => progress[bankStatus ?? ''] ?? byStatus[status]

const badge = (attempt: Attempt): Html => {
  const { tone, word } = standingOf(attempt)
  return html`<span class="badge ${tone}">${word}</span>`
}

const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'America/New_York' })

type OrderForm = Readonly<{ csrf: string; sdkUrl: string }>

function payAgain(order: Order, bank: AccountDetails | undefined, { csrf, sdkUrl }: OrderForm): Html {
  const next = `/orders/${order.number}`
  if (!bank) return linkButton({ csrf, sdkUrl, next, label: 'Pay by Bank' })
  return html`<form method="post" action="${next}/pay" data-pay-once>${csrfField(csrf)}
      <input type="hidden" name="after" value="${order.attempt.requestKey}">
      <button class="button big">Pay ${price(order.total)} from ${bankName(bank)}</button></form>
    ${linkButton({ csrf, sdkUrl, next, label: 'Choose another bank', quiet: true })}`
}

const approved = 'Your payment is approved. It usually leaves your account by the next banking day.'
const settled = 'Your payment is complete.'

function result(order: Order, bank: AccountDetails | undefined, form: OrderForm): Html {
  const { attempt, total, number } = order
  if (attempt.status === 'approved')
    return html`<div class="result good"><h1>Thank you</h1>
      <p class="amount">${price(total)}</p>
      <p>${attempt.bankStatus === 'SUCCEEDED' ? settled : approved}
        Look for “Northwind Coffee ${number}” on your statement.</p>
      <p><a class="button" href="/orders">See your orders</a></p></div>`
  if (attempt.status === 'failed')
    return html`<div class="result bad"><h1>The payment did not go through</h1>
      <p class="amount">${price(total)}</p>
      <p><strong>${attempt.reason ?? 'Your bank did not approve this payment.'}</strong>
        You have not been charged. Your order is kept: try again, or use another bank.</p>
      ${payAgain(order, bank, form)}</div>`
  return html`<div class="result calm" data-watch-order="${number}"><h1>We are confirming with your bank</h1>
      <p class="amount">${price(total)}</p>
      <p role="status" data-watch-words>This takes a few seconds, now and then a few minutes.
        You can leave; your order keeps its place.</p>
      <p><a class="button quiet" href="/orders/${number}">Look again</a></p></div>`
}

export function orderPage(order: Order, bank: AccountDetails | undefined, form: OrderForm): Html {
  return html`<section class="narrow stack">${result(order, bank, form)}
    <div class="panel"><h2>Order ${order.number}</h2>
      <p>${badge(order.attempt)} <span class="fine">${day.format(order.createdAt)}</span></p>
      <ul class="rows short">${order.lines.map(
        (line) => html`<li class="row"><div class="tile thumb ${line.product}">${drawingOf(line.product)}</div>
          <div class="row-text"><strong>${line.name}</strong>
            <p class="fine">${line.quantity} × ${price(line.unitCents)}</p></div>
          <p class="row-price">${price(line.unitCents * line.quantity)}</p></li>`,
      )}</ul>
      <p class="total"><span>Total</span> <strong>${price(order.total)}</strong></p></div></section>`
}

export function ordersPage(orders: readonly Order[]): Html {
  if (orders.length === 0)
    return html`<section class="narrow stack empty"><div class="tile first-light">${drawingOf('harbor-blend')}</div>
      <h1>No orders yet</h1><p>Your first one will be listed here, with what became of its payment.</p>
      <p><a class="button" href="/">See the shop</a></p></section>`
  return html`<section class="narrow"><h1>Orders</h1><ul class="orders">${orders.map(
    (order) => html`<li><a href="/orders/${order.number}"><span class="order-name">
        <strong>${order.number}</strong>
        <span class="fine">${order.lines.map((line) => line.name).join(', ')}</span></span>
      <span class="fine">${day.format(order.createdAt)}</span>${badge(order.attempt)}
      <span class="row-price">${price(order.total)}</span></a></li>`,
  )}</ul></section>`
}
