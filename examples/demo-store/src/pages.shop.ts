import { type Cart, type CartLine, mostOfOne } from './carts.ts'
import { catalog, type Product } from './catalog.ts'
import { type Html, html } from './html.ts'
import { coast } from './illustrations.marks.ts'
import { drawingOf } from './illustrations.ts'
import { price } from './money.ts'
import { csrfField } from './pages.frame.ts'

function card(product: Product, csrf: string): Html {
  const { id, name, blurb, detail, cents } = product
  return html`<li class="card ${id === 'la-regina' && 'grand'}">
    <div class="tile ${id}">${drawingOf(id)}</div>
    <div class="card-text">
      <h3>${name}</h3>
      <p class="blurb">${blurb}</p>
      <p class="fine">${detail}</p>
    </div>
    <form method="post" action="/cart" class="card-buy">
      ${csrfField(csrf)}<input type="hidden" name="product" value="${id}">
      <span class="price">${price(cents)}</span>
      <button class="button small" aria-label="Add to cart: ${name}">Add to cart</button>
    </form>
  </li>`
}

export function shopPage(csrf: string): Html {
  const shelf = (kind: Product['kind']) =>
    html`<ul class="shelf ${kind}">${catalog
      .filter((product) => product.kind === kind)
      .map((product) => card(product, csrf))}</ul>`
  return html`<section class="hero">
    <div class="hero-text">
      <p class="eyebrow">Roasted on Tuesdays, sailed on Wednesdays</p>
      <h1>Coffee for people who get up before the wind.</h1>
      <p class="lede">Small roasts and sturdy gear. Pay straight from your bank:
        no card, no card fees, nothing to type twice.</p>
      <p><a class="button" href="#beans">See the beans</a></p>
    </div>
    ${coast}
  </section>
  <section aria-labelledby="beans"><h2 id="beans">Beans</h2>${shelf('beans')}</section>
  <section aria-labelledby="gear"><h2 id="gear">Gear</h2>${shelf('gear')}</section>`
}

function cartRow({ product, quantity }: CartLine, csrf: string): Html {
  const { id, name, detail, cents } = product
  const hidden = html`${csrfField(csrf)}<input type="hidden" name="product" value="${id}">`
  return html`<li class="row">
    <div class="tile thumb ${id}">${drawingOf(id)}</div>
    <div class="row-text"><h2>${name}</h2><p class="fine">${detail} · ${price(cents)} each</p></div>
    <p class="row-price">${price(cents * quantity)}</p>
    <div class="row-change">
      <form method="post" action="/cart/quantity">${hidden}
        <label for="q-${id}">Quantity<span class="unseen"> of ${name}</span></label>
        <input id="q-${id}" name="quantity" type="number" inputmode="numeric"
          min="1" max="${mostOfOne}" value="${quantity}" required>
        <button class="button quiet small" aria-label="Update ${name}">Update</button>
      </form>
      <form method="post" action="/cart/quantity">${hidden}<input type="hidden" name="quantity" value="0">
        <button class="plain" aria-label="Remove ${name}">Remove</button>
      </form>
    </div>
  </li>`
}

export function cartPage(cart: Cart, csrf: string): Html {
  if (cart.lines.length === 0)
    return html`<section class="narrow stack empty"><div class="tile harbor-blend">${drawingOf('deckhand-mug')}</div>
      <h1>Your cart is empty</h1><p>A bag of Harbor Blend is a good start.</p>
      <p><a class="button" href="/#beans">See the beans</a></p></section>`
  return html`<section class="narrow"><h1>Cart</h1>
    <ul class="rows">${cart.lines.map((line) => cartRow(line, csrf))}</ul>
    <p class="total"><span>Total</span> <strong>${price(cart.total)}</strong></p>
    <p class="fine">Shipping is on us. Tax is in the price.</p>
    <div class="act"><a class="button big" href="/checkout">Checkout</a>
      <a class="button quiet big" href="/">Keep looking</a></div>
  </section>`
}
