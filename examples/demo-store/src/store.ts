import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import cookies from '@fastify/cookie'
import forms from '@fastify/formbody'
import files from '@fastify/static'
import fastify, { type FastifyReply } from 'fastify'
import type { StoreConfig } from './config.ts'
import { openDatabase } from './database.ts'
import { html } from './html.ts'
import { openTill } from './payments.ts'
import { openPlatform } from './platform.ts'
import { accountRoutes } from './routes.account.ts'
import { bankRoutes } from './routes.bank.ts'
import { orderRoutes } from './routes.orders.ts'
import { shopRoutes } from './routes.shop.ts'
import { type Shop, ShopError, SignInFirst, show } from './shop.ts'
import { csrfMatches, readVisit } from './visits.ts'

// Cookies do not tell ports apart, so the name keeps clear of what else runs on localhost.
const cookieName = 'northwind_visit'
const sdkPath = '/linkmoney-web/v1/latest/linkmoney-web.min.js'

type Lent = Readonly<{ now?: () => number; log?: (line: string) => void }>
export type OpenStore = Readonly<{ url: string; close: () => Promise<void> }>

/** Opens the shop. Refuses when the port is taken; needs no platform until somebody pays. */
export async function openStore(
  config: StoreConfig,
  { now = Date.now, log = console.error }: Lent = {},
): Promise<OpenStore> {
  const db = openDatabase(config.databasePath)
  const rialto = openPlatform(config, now)
  const app = fastify({ bodyLimit: 16 * 1024, routerOptions: { maxParamLength: 40 } })
  let url = config.storeUrl ?? ''
  const shop: Shop = {
    db,
    rialto,
    till: openTill(db, rialto, config.merchantId, log),
    now,
    log,
    url: () => url,
    sdkUrl: config.clientUrl + sdkPath,
  }
  const setCookie = (reply: FastifyReply, token: string) =>
    reply.setCookie(cookieName, token, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: url.startsWith('https:'),
      maxAge: 30 * 24 * 60 * 60,
    })

  await app.register(cookies)
  await app.register(forms)
  await app.register(files, { root: fileURLToPath(new URL('../public', import.meta.url)), prefix: '/assets/' })

  app.decorateRequest('nonce', '')
  app.addHook('onRequest', async (request, reply) => {
    request.nonce = randomBytes(16).toString('base64url')
    const scripts = `'nonce-${request.nonce}' ${new URL(config.clientUrl).origin}`
    reply.headers({
      'content-security-policy':
        `default-src 'none'; script-src ${scripts}; style-src 'self'; img-src 'self'; connect-src 'self'; ` +
        `form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    })
    if (request.url.startsWith('/assets/')) return
    reply.header('cache-control', 'no-store')
    const { fresh, ...visit } = readVisit(db, request.cookies[cookieName], now())
    request.visit = visit
    if (fresh) setCookie(reply, visit.token)
  })
  app.addHook('preHandler', async (request) => {
    if (request.method === 'GET' || request.method === 'HEAD') return
    const said = request.headers['x-csrf-token'] ?? (request.body as { csrf?: unknown } | undefined)?.csrf
    if (!csrfMatches(request.visit, said))
      throw new ShopError(403, 'This form is out of date', 'Go back, reload the page and send it again.')
  })

  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof SignInFirst) return reply.redirect(`/sign-in?next=${encodeURIComponent(error.next)}`, 303)
    const status = error.statusCode ?? 500
    const known = error instanceof ShopError
    if (status >= 500 && !known) log(`${request.method} ${request.url.split('?')[0]}: ${error.stack}`)
    const words =
      known || status < 500
        ? error.message
        : 'Something broke on our side. Nothing was charged twice; please try again.'
    // An asset has no visit, and nobody reads it as a page.
    if (request.url.startsWith('/assets/')) return reply.code(status).type('text/plain').send('Not found')
    if (request.url.startsWith('/api/')) return reply.code(status).send({ message: words })
    const title = known ? error.title : status < 500 ? 'We could not read that' : 'Something broke'
    return show(shop, request, reply, { title, status }, errorPage(title, words))
  })
  app.setNotFoundHandler((request, reply) => {
    if (request.url.startsWith('/assets/')) return reply.code(404).type('text/plain').send('Not found')
    const title = 'Nothing here'
    return show(
      shop,
      request,
      reply,
      { title, status: 404 },
      errorPage(title, 'This page does not exist, or not any more.'),
    )
  })

  shopRoutes(app, shop)
  accountRoutes(app, shop, setCookie)
  bankRoutes(app, shop)
  orderRoutes(app, shop)

  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await app.close()
    db.close()
    throw error
  }
  url ||= `http://localhost:${(app.server.address() as AddressInfo).port}`
  const close = async () => {
    await app.close()
    db.close()
  }
  return { url, close }
}

const errorPage = (title: string, words: string) =>
  html`<section class="narrow stack"><h1>${title}</h1><p>${words}</p>
    <p><a class="button" href="/">Back to the shop</a></p></section>`
