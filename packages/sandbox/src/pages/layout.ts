import { randomBytes } from 'node:crypto'
import { type Bank, type Brand, banks } from '../banks/bank.ts'
import { Html, html } from './html.ts'

export type Page = Readonly<{
  title: string
  bank?: Bank
  body: Html
  /** In the header, for someone who is signed in. */
  nav?: Html
  /** Where forms of this page may lead beside the bank itself: the address that asked for the sign-in. */
  leadsTo?: string
}>

const rialtoGrey: Brand = {
  initials: 'S',
  motto: '',
  promise: '',
  accent: '#3b4a46',
  accentStrong: '#14231f',
  accentSoft: '#eceae4',
  accentDark: '#b9c7c2',
  accentSoftDark: '#22302c',
}

/** The bank's colours, in a style element of its own because they are all that differs between banks. */
const colours = (selector: string, brand: Brand): string =>
  `${selector}{--accent:${brand.accent};--strong:${brand.accentStrong};--soft:${brand.accentSoft}}` +
  `@media(prefers-color-scheme:dark){${selector}{--accent:${brand.accentDark};--soft:${brand.accentSoftDark}}}`

/** A page of one bank wears its colours; a page about all of them lets each part wear its own. */
const dress = (bank: Bank | undefined): string =>
  bank
    ? colours(':root', bank.brand)
    : [colours(':root', rialtoGrey), ...banks.map((one) => colours(`.bank-${one.mark}`, one.brand))].join('')

export const monogram = (brand: Brand): Html => html`<svg class="mark" viewBox="0 0 40 40" aria-hidden="true">
<rect width="40" height="40" rx="11" fill="currentColor" /><path d="M0 30 40 14v15a11 11 0 0 1-11 11H11A11 11 0 0 1 0 29z" fill="#fff" opacity=".14" />
<text x="20" y="27.5" text-anchor="middle" font-size="20" font-weight="700" fill="var(--on-accent)">${brand.initials}</text></svg>`

function header(page: Page): Html {
  const home = page.bank ? `/${page.bank.slug}` : '/'
  const name = page.bank?.name ?? 'Sandbox banks'
  return html`<header class="top"><div class="wide"><a class="logo" href="${home}">${monogram(page.bank?.brand ?? rialtoGrey)}<span>${name}</span></a>${page.nav}</div></header>`
}

function footer(page: Page): Html {
  return html`<footer><div class="wide">
<p>${page.bank ? `${page.bank.name} is a pretend bank. No real money is kept here.` : 'Pretend banks. No real money is kept here.'}</p>
<nav aria-label="Footer">${page.bank && html`<a href="/${page.bank.slug}/help">Help with signing in</a>`}<a href="/">All banks</a></nav>
</div></footer>`
}

/** A whole page and the headers it must be sent with. Nothing in it comes from anywhere but this bank. */
export function renderPage(page: Page): { html: string; headers: Readonly<Record<string, string>> } {
  const nonce = randomBytes(16).toString('base64')
  const text = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}${page.bank && ` · ${page.bank.name}`}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<style nonce="${nonce}">${new Html(dress(page.bank))}</style>
<link rel="stylesheet" href="/assets/bank.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${header(page)}
<main id="main">${page.body}</main>
${footer(page)}
</body>
</html>`.text
  const formAction = page.leadsTo ? `'self' ${new URL(page.leadsTo).origin}` : "'self'"
  const policy = [
    "default-src 'none'",
    `style-src 'self' 'nonce-${nonce}'`,
    "font-src 'self'",
    "img-src 'self'",
    `form-action ${formAction}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    html: text,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy.join('; '),
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
    },
  }
}
