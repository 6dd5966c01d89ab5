import cookie from '@fastify/cookie'
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { openLinkResultSigner } from '../access/link-result.ts'
import { openTokenServer } from '../access/token-server.ts'
import { openVerifier } from '../access/verify-token.ts'
import { customerRoutes } from '../customers/customer.routes.ts'
import type { House } from '../house.ts'
import { openApp } from '../http/app.ts'
import { authenticate } from '../http/authenticate.ts'
import { mountDocs } from '../http/docs.ts'
import { healthRoutes } from '../http/health.ts'
import { mountTokenServer } from '../http/mount-token-server.ts'
import { openapiOptions } from '../http/openapi.ts'
import { flowRoutes } from '../linking/flow.routes.ts'
import { linkRoutes } from '../linking/link.routes.ts'
import { type HostedFiles, pageRoutes } from '../linking/pages.routes.ts'
import { openPaymentDesk } from '../payments/payment.desk.ts'
import { paymentRoutes } from '../payments/payment.routes.ts'
import { sessionRoutes } from '../sessions/session.routes.ts'

/** The API's routes, in an application that knows how to describe them. */
export async function mountRoutes(app: FastifyInstance, house: House): Promise<void> {
  await app.register(swagger, openapiOptions(house))
  await app.register(healthRoutes(house))
  await app.register(sessionRoutes(house))
  await app.register(customerRoutes(house))
  await app.register(linkRoutes(house))
  await app.register(paymentRoutes(house, openPaymentDesk(house)))
}

/** The API, everything mounted, not yet listening. Closing it closes what it opened. */
export async function buildApi(house: House, bankClientKeys: unknown): Promise<FastifyInstance> {
  const app = openApp(house, 'api')
  const [tokens, verifier] = await Promise.all([openTokenServer(house), openVerifier(house)])
  app.addHook('onClose', async () => {
    await Promise.all([tokens.close(), verifier.close()])
  })
  authenticate(app, verifier)
  mountTokenServer(app, tokens)
  await mountRoutes(app, house)
  await mountDocs(app)
  // Banks read here with which keys we sign.
  app.get('/.well-known/bank-client-jwks.json', { schema: { hide: true } }, async () => bankClientKeys)
  return app
}

/** The hosted flow's origin. */
export async function buildHosted(house: House, files: HostedFiles): Promise<FastifyInstance> {
  const app = openApp(house, 'hosted')
  const sign = await openLinkResultSigner(house)
  await app.register(cookie)
  await app.register(healthRoutes(house))
  await app.register(flowRoutes(house, sign), { prefix: '/api/flows/:flowId' })
  await app.register(pageRoutes(house, sign, files))
  return app
}
