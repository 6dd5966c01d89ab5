import type { FastifyInstance } from 'fastify'
import type { Caller, Scope } from '../access/caller.ts'
import type { Verifier } from '../access/verify-token.ts'
import { Refusal } from '../kernel/refusal.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls. Set on every route whose config names a scope. */
    caller: Caller
  }
  interface FastifyContextConfig {
    /** The scope a caller needs; `any`: either one. Without it, the route is open. */
    scope?: Scope | 'any'
  }
}

/** Checks the bearer token before anything of the request is read. */
export function authenticate(app: FastifyInstance, verifier: Verifier): void {
  app.decorateRequest('caller')
  app.addHook('onRequest', async (request) => {
    const { scope } = request.routeOptions.config
    if (!scope) return
    const [scheme, token, more] = (request.headers.authorization ?? '').split(' ')
    if (scheme?.toLowerCase() !== 'bearer' || !token || more !== undefined)
      throw new Refusal('unauthorized', { why: 'no bearer token' })
    const caller = await verifier.verify(token)
    // Whoever is refused for want of a scope is known all the same.
    request.caller = caller
    const corePays = scope === 'Link-Payment' && caller.coreTokenMayPay && caller.scopes.has('Link-Core')
    if (scope !== 'any' && !caller.scopes.has(scope) && !corePays) throw new Refusal('insufficient_scope', { scope })
  })
}
