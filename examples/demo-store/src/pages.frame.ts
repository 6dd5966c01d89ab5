import { type Html, html } from './html.ts'
import { compass } from './illustrations.marks.ts'
import type { Notice } from './notices.ts'
import type { Person } from './people.ts'

export type Frame = Readonly<{
  title: string
  path: string
  nonce: string
  csrf: string
  person: Person | undefined
  cartCount: number
  notice: Notice | undefined
  scripts: readonly string[]
}>

export const csrfField = (csrf: string): Html => html`<input type="hidden" name="csrf" value="${csrf}">`

function navigation({ person, csrf, cartCount, path }: Frame): Html {
  const here = path.split('?')[0]
  const link = (href: string, text: Html | string) =>
    here === href ? html`<a href="${href}" aria-current="page">${text}</a>` : html`<a href="${href}">${text}</a>`
  const count = cartCount > 0 && html` <span class="count">${cartCount}<span class="unseen"> in it</span></span>`
  return html`<nav aria-label="Main">
    ${person ? link('/orders', 'Orders') : ''}
    ${person ? link('/account', 'Account') : link('/sign-in', 'Sign in')}
    ${
      person &&
      html`<form method="post" action="/sign-out" class="wide-only">${csrfField(csrf)}
        <button class="plain">Sign out</button></form>`
    }
    ${link('/cart', html`Cart${count}`)}
  </nav>`
}

const noticeBar = ({ tone, text }: Notice): Html =>
  html`<p class="notice ${tone}" role="${tone === 'bad' ? 'alert' : 'status'}">${text}</p>`

/** Every page of the shop: the same head, the same way around, its own middle. */
export function page(frame: Frame, body: Html): Html {
  const { title, nonce, notice, scripts } = frame
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Northwind Coffee</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
${['base', 'parts', 'shop', 'counter'].map((name) => html`<link rel="stylesheet" href="/assets/${name}.css">`)}
${scripts.map((name) => html`<script type="module" nonce="${nonce}" src="/assets/${name}.js"></script>`)}
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top"><div class="wrap bar">
  <a class="brand" href="/">${compass}<span>Northwind <em>Coffee</em></span></a>
  ${navigation(frame)}
</div></header>
<main id="main" class="wrap">
${notice && noticeBar(notice)}
${body}
</main>
<footer class="wrap foot">
  <p>Northwind Coffee is a demonstration. Banks, money and beans are pretend.</p>
  <p>Paid by bank, with Rialto.</p>
</footer>
</body>
</html>`
}
