import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { LinkResultSigner } from '../access/link-result.ts'
import type { House } from '../house.ts'
import { looksLikeId, type MerchantId, type SessionId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { getMerchant, listRedirects } from '../merchants/merchant.queries.ts'
import { redirectAllowed } from '../merchants/redirect.ts'
import { findSessionMerchant } from '../sessions/session.queries.ts'
import { browserCookie, browserSecretOf, flowOf } from './flow.browser.ts'
import { openFlow } from './flow.commands.ts'
import { gatherFlow } from './flow.queries.ts'
import { flowToWire, pageOf } from './flow.wire.ts'
import { legalPage } from './legal-pages.ts'
import { goToBank, returnFromBank } from './sign-in.commands.ts'

export type HostedFiles = Readonly<{
  /** The folder of the built hosted flow. */
  flow: string
  /** The built browser SDK. */
  sdk: string
}>

/** The reference SDK sends unset fields as this very word. */
const given = (text: string | undefined): string | null =>
  text && text !== 'undefined' && text !== 'null' ? text : null

/** The pages of the client origin: the door, the steps, the way back from a bank, the browser SDK. */
export const pageRoutes =
  (house: House, sign: LinkResultSigner, files: HostedFiles): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { settings } = house
    const document = await readFile(join(files.flow, 'index.html'), 'utf8')
    const sdk = (await readFile(files.sdk, 'utf8'))
      .replaceAll('__RIALTO_API_URL__', settings.apiUrl)
      .replaceAll('__RIALTO_CLIENT_URL__', settings.clientUrl)

    await app.register(fastifyStatic, {
      root: join(files.flow, 'assets'),
      prefix: '/assets/',
      immutable: true,
      maxAge: '365d',
      index: false,
      preCompressed: true,
    })

    /** The one HTML document, with a fresh nonce, and the flow's view in it when there is one. */
    function page(reply: FastifyReply, status: number, view?: unknown): FastifyReply {
      const nonce = house.random(16).toString('base64url')
      const json = JSON.stringify(view ?? null).replaceAll('<', '\\u003c')
      const inline = `<script type="application/json" id="view" nonce="${nonce}">${json}</script>`
      const html = document.replaceAll('__CSP_NONCE__', nonce).replace('</body>', () => `${inline}</body>`)
      return reply
        .code(status)
        .header('content-security-policy', contentPolicy(nonce))
        .header('referrer-policy', 'no-referrer')
        .header('cache-control', 'no-store')
        .type('text/html; charset=utf-8')
        .send(view === undefined ? document.replaceAll('__CSP_NONCE__', nonce) : html)
    }

    const query = Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]))
    // A link that somebody's mail program looks at with HEAD is not used up.
    app.get('/', { exposeHeadRoute: false, schema: { querystring: query } }, async (request, reply) => {
      const asked = firstOfEach(request.query)
      const sessionKey = given(asked.sessionKey)
      if (!sessionKey || sessionKey.length > 200) return reply.redirect('/unknown', 303)
      const wanted = given(asked.redirect)
      const merchantId = await findSessionMerchant(house, sessionKey)
      const allowed = merchantId ? await listRedirects(house, merchantId) : []
      const redirectUrl = wanted && redirectAllowed(allowed, settings.localRedirects, wanted) ? wanted : null
      if (wanted && !redirectUrl) house.log.warn({ merchantId }, 'a redirect address is not on the merchant list')
      const opened = await openFlow(house, { sessionKey, redirectUrl, browserSecret: browserSecretOf(request) })
      if (opened.kind === 'used' && merchantId && redirectUrl)
        return reply.redirect(`/used?${new URLSearchParams({ merchant: merchantId, back: redirectUrl })}`, 303)
      if (opened.kind !== 'opened') return reply.redirect(`/${opened.kind}`, 303)
      return reply
        .setCookie(browserCookie, opened.browserSecret, {
          path: '/',
          httpOnly: true,
          sameSite: 'lax',
          secure: settings.clientUrl.startsWith('https:'),
          maxAge: 24 * 60 * 60,
        })
        .header('referrer-policy', 'no-referrer')
        .redirect(`/s/${opened.session.id}/${pageOf[opened.session.step]}`, 303)
    })

    app.get(
      '/s/:flowId/:page',
      { schema: { params: Type.Object({ flowId: Type.String(), page: Type.String() }) } },
      async (request, reply) => {
        const session = await flowOf(house, request, request.params.flowId).catch(() => undefined)
        if (!session) return page(reply, 404)
        return page(reply, 200, flowToWire(await gatherFlow(house, sign, session), settings))
      },
    )

    app.get(
      '/s/:flowId/to-bank',
      { schema: { params: Type.Object({ flowId: Type.String() }) } },
      async (request, reply) => {
        const session = await flowOf(house, request, request.params.flowId).catch(() => undefined)
        if (!session) return page(reply, 404)
        if (session.step !== 'sign_in') return reply.redirect(`/s/${session.id}/${pageOf[session.step]}`, 303)
        const gone = await goToBank(house, session.id).catch(unlessMoved)
        reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
        if (gone && 'redirectTo' in gone) return reply.redirect(gone.redirectTo, 303)
        const now = gone?.session ?? (await flowOf(house, request, session.id))
        return reply.redirect(`/s/${now.id}/${pageOf[now.step]}`, 303)
      },
    )

    app.get('/bank/return', { schema: { querystring: query } }, async (request, reply) => {
      const returned = firstOfEach(request.query)
      const state = returned.state ?? ''
      const flowId = state.split('.')[0] ?? ''
      reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store')
      // Somebody else's browser may have been sent here with a stolen address.
      const mine = looksLikeId(flowId) && (await flowOf(house, request, flowId).catch(() => undefined))
      if (!mine) return reply.redirect('/unknown', 303)
      const moved = await returnFromBank(house, state, returned).catch(unlessMoved)
      const session = moved ?? (await flowOf(house, request, flowId as SessionId))
      return reply.redirect(`/s/${session.id}/${pageOf[session.step]}`, 303)
    })

    // The pages name their icon; a browser that asks for this one anyway gets no error.
    app.get('/favicon.ico', async (_request, reply) => reply.code(204).send())

    app.get('/unknown', async (_request, reply) => page(reply, 200))
    app.get('/used', { schema: { querystring: query } }, async (request, reply) => {
      const { merchant = '', back = '' } = firstOfEach(request.query)
      const merchantId = merchant as MerchantId
      const allowed = looksLikeId(merchant) ? await listRedirects(house, merchantId) : []
      // The address came by the browser, so it is judged again: this page must not send anybody anywhere.
      if (!looksLikeId(merchant) || !redirectAllowed(allowed, settings.localRedirects, back)) return page(reply, 200)
      const known = await getMerchant(house, merchantId).catch(() => undefined)
      return page(reply, 200, known ? { merchantName: known.name, returnTo: back } : undefined)
    })

    for (const path of ['/terms', '/privacy'] as const)
      app.get(path, async (_request, reply) => {
        const nonce = house.random(16).toString('base64url')
        reply.header('content-security-policy', contentPolicy(nonce))
        return reply.type('text/html; charset=utf-8').send(legalPage(path, nonce))
      })

    app.get('/linkmoney-web/v1/latest/linkmoney-web.min.js', async (_request, reply) =>
      reply
        .header('access-control-allow-origin', '*')
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('cache-control', 'public, max-age=300')
        .type('text/javascript; charset=utf-8')
        .send(sdk),
    )

    app.get(
      '/bank-marks/:file',
      { schema: { params: Type.Object({ file: Type.String({ maxLength: 120 }) }) } },
      async ({ params }, reply) => {
        const bank = house.banks.institutions().find(({ id }) => `${id}.svg` === params.file)
        if (!bank) return reply.callNotFound()
        return reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(bankMark(bank))
      },
    )
  }

/** Another tab was faster: the browser is shown where the flow is by now. */
function unlessMoved(error: unknown): undefined {
  if (!(error instanceof Refusal) || error.code !== 'flow_moved') throw error
}

const contentPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const firstOfEach = (query: Record<string, string | string[]>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).map(([key, value]) => [key, Array.isArray(value) ? (value[0] ?? '') : value]),
  )

const bankMark = ({ monogram, color, name }: { monogram: string; color: string; name: string }): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img" aria-label="${escapeXml(name)}">` +
  `<rect width="48" height="48" rx="12" fill="${escapeXml(color)}"/>` +
  '<text x="24" y="31" font-family="system-ui,sans-serif" font-size="19" font-weight="700" fill="#fff" ' +
  `text-anchor="middle">${escapeXml(monogram)}</text></svg>`

const escapeXml = (text: string): string => text.replace(/[<>&"']/g, (character) => `&#${character.codePointAt(0)};`)
