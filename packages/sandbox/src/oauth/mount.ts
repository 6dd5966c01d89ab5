import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Provider } from 'oidc-provider'
import type { Bank } from '../banks/bank.ts'
import type { World } from '../world.ts'

type Mounted = IncomingMessage & { originalUrl?: string }

/** Cookies that would carry an earlier sign-in into a new authorization. */
const sessionCookies = ['_session', '_session.sig']

function withoutSession(cookies: string): string {
  return cookies
    .split(/;\s*/)
    .filter((pair) => !sessionCookies.includes(pair.split('=')[0] ?? ''))
    .join('; ')
}

/** Tells the library where it stands: below the bank's path, at the address the sandbox publishes. */
function placeBelow(world: World, bank: Bank, request: Mounted): void {
  const address = new URL(world.url)
  request.originalUrl = request.url ?? '/'
  request.url = request.originalUrl.slice(bank.slug.length + 1)
  request.headers.host = address.host
  request.headers['x-forwarded-host'] = address.host
  request.headers['x-forwarded-proto'] = address.protocol.slice(0, -1)
}

/** Every path of the authorization server below `/<slug>`. */
const paths = [
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/jwks',
  '/request',
  '/auth',
  '/auth/:uid',
  '/token',
  '/token/revocation',
]

/** Serves a bank's authorization server below `/<slug>`. */
export const providerRoutes =
  (world: World, bank: Bank, provider: Provider): FastifyPluginAsync =>
  async (app: FastifyInstance) => {
    const serve = provider.callback()
    // The library reads bodies itself, so here nobody may read them before it.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _body, done) => done(null))
    const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      reply.hijack()
      const raw: Mounted = request.raw
      placeBelow(world, bank, raw)
      reply.raw.setHeader('X-Content-Type-Options', 'nosniff')
      reply.raw.setHeader('Referrer-Policy', 'no-referrer')
      // A bank asks who you are for every app you connect, whoever used this browser a moment ago.
      if (raw.url?.split('?')[0] === '/auth') {
        raw.headers.cookie = withoutSession(raw.headers.cookie ?? '')
        reply.raw.setHeader(
          'Set-Cookie',
          sessionCookies.map((name) => `${name}=; Path=/${bank.slug}; Max-Age=0; HttpOnly; SameSite=Lax`),
        )
      }
      await serve(raw, reply.raw)
    }
    for (const path of paths) app.all(`/${bank.slug}${path}`, handle)
  }
