import type { AccountDetails } from '@rialto/node-sdk'
import type { Cart } from './carts.ts'
import { type Html, html } from './html.ts'
import { bankIcon } from './illustrations.marks.ts'
import { drawingOf } from './illustrations.ts'
import { price } from './money.ts'
import { bankName, linkButton } from './pages.bank.ts'
import { csrfField } from './pages.frame.ts'

const lines = (cart: Cart): Html =>
  html`<ul class="rows short">${cart.lines.map(
    ({ product, quantity }) => html`<li class="row">
    <div class="tile thumb ${product.id}">${drawingOf(product.id)}</div>
    <div class="row-text"><strong>${product.name}</strong>
      <p class="fine">${quantity} × ${price(product.cents)}</p></div>
    <p class="row-price">${price(product.cents * quantity)}</p></li>`,
  )}</ul>`

type CheckoutForm = Readonly<{ csrf: string; checkoutKey: string; sdkUrl: string }>

function withBank(cart: Cart, bank: AccountDetails, { csrf, checkoutKey, sdkUrl }: CheckoutForm): Html {
  return html`<h2>Pay from</h2>
    <p class="bank">${bankIcon}<span><strong>${bankName(bank)}</strong>
      <span class="fine">${bank.accountType}</span></span></p>
    <form method="post" action="/checkout" data-pay-once>${csrfField(csrf)}
      <input type="hidden" name="checkoutKey" value="${checkoutKey}">
      <input type="hidden" name="total" value="${cart.total}">
      <button class="button big">Pay ${price(cart.total)} from ${bankName(bank)}</button>
    </form>
    <p class="fine">You authorize one payment of ${price(cart.total)}.
      It usually leaves your account by the next banking day.</p>
    ${linkButton({ csrf, sdkUrl, next: '/checkout', label: 'Use another bank', quiet: true })}`
}

const withoutBank = ({ csrf, sdkUrl }: CheckoutForm): Html => html`<h2>How you pay</h2>
  <p>Sign in at your bank once. We never see your bank password, and nothing is charged until you press Pay.</p>
  ${linkButton({ csrf, sdkUrl, next: '/checkout', label: 'Pay by Bank' })}
  <p class="fine">You will leave for a secure page and come straight back here.</p>`

export function checkoutPage(cart: Cart, bank: AccountDetails | undefined, form: CheckoutForm): Html {
  return html`<h1>Checkout</h1>
  <div class="split">
    <section class="panel" aria-labelledby="your-order"><h2 id="your-order">Your order</h2>${lines(cart)}
      <p class="total"><span>Total</span> <strong>${price(cart.total)}</strong></p>
      <p><a href="/cart">Change the cart</a></p></section>
    <section class="panel pay" aria-label="Payment">
      <p class="amount"><span class="fine">To pay</span>${price(cart.total)}</p>
      ${bank ? withBank(cart, bank, form) : withoutBank(form)}</section>
  </div>`
}
