import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider'
import type { Bank } from '../banks/bank.ts'
import { type Html, html } from './html.ts'
import { renderPage } from './layout.ts'

export const errorBody = (title: string, text: string, next: Html): Html =>
  html`<div class="narrow"><section class="card"><h1>${title}</h1><p>${text}</p>${next}</section></div>`

/** The bank went down in the middle of sign-in. `next` is the way on from here. */
export const unavailable = (bank: Bank, next?: Html): Html =>
  errorBody(
    'We are unavailable right now',
    'Our systems went down while you were signing in. Nothing was shared and nothing was changed. Please try again in a while.',
    next ?? html`<p><a href="/${bank.slug}">Back to ${bank.name}</a></p>`,
  )

export const expired = (bank: Bank): Html =>
  errorBody(
    'This page has expired',
    'For your safety a sign-in is only kept open for a short while. Go back to the app you came from and start again.',
    html`<p><a href="/${bank.slug}">Go to ${bank.name}</a></p>`,
  )

export const notFound = (bank: Bank | undefined): Html =>
  errorBody(
    'There is no such page',
    'The address may be mistyped, or the page has moved.',
    html`<p><a href="/${bank?.slug ?? ''}">${bank ? `Go to ${bank.name}` : 'See all banks'}</a></p>`,
  )

/** Errors of the authorization server that cannot be sent back to the app: shown in the bank's own dress. */
export function showProviderError(ctx: KoaContextWithOIDC, bank: Bank, out: ErrorOut): void {
  const sorry =
    out.error === 'invalid_request' && ctx.oidc?.route === 'resume'
      ? expired(bank)
      : errorBody(
          'This connection did not work',
          'The app that sent you here asked in a way we cannot accept. Go back to it and try again; nothing was shared.',
          html`<p class="quiet">For the app’s developers: <code>${out.error}</code>${out.error_description && ` (${out.error_description})`}</p>`,
        )
  const page = renderPage({ title: 'Something went wrong', bank, body: sorry })
  ctx.set({ ...page.headers })
  ctx.body = page.html
}
