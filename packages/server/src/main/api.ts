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
import { logRequests } from '../http/request-log.ts'
import { flowRoutes } from '../linking/flow.routes.ts'
import { linkRoutes } from '../linking/link.routes.ts'
import { type HostedFiles, pageRoutes } from '../linking/pages.routes.ts'
import { openPaymentDesk } from '../payments/payment.desk.ts'
import { paymentRoutes } from '../payments/payment.routes.ts'
import { settlementRoutes } from '../payouts/settlement.routes.ts'
import { achRoutes } from '../rails/ach/ach.routes.ts'
import { reportRoutes } from '../reports/report.routes.ts'
import { requestRoutes } from '../requests/api-request.routes.ts'
import { returnRateRoutes } from '../risk/return-rate.routes.ts'
import { sessionRoutes } from '../sessions/session.routes.ts'
import { simulationRoutes, simulationTag } from '../simulations/simulation.routes.ts'
import type { SimulationParts } from '../simulations/simulation-parts.ts'
import { deliveryRoutes } from '../webhooks/delivery.routes.ts'
import { eventRoutes } from '../webhooks/event.routes.ts'
import { replayRoutes } from '../webhooks/replay.routes.ts'
import { subscriptionRoutes } from '../webhooks/subscription.routes.ts'

/** The API's routes, in an application that knows how to describe them. */
export async function mountRoutes(app: FastifyInstance, house: House, simulations?: SimulationParts): Promise<void> {
  await app.register(swagger, openapiOptions(house, simulations ? [simulationTag] : []))
  await app.register(healthRoutes(house))
  await app.register(sessionRoutes(house))
  await app.register(customerRoutes(house))
  await app.register(linkRoutes(house))
  await app.register(paymentRoutes(house, openPaymentDesk(house)))
  await app.register(settlementRoutes(house))
  await app.register(reportRoutes(house))
  await app.register(returnRateRoutes(house))
  await app.register(achRoutes(house))
  await app.register(subscriptionRoutes(house))
  await app.register(deliveryRoutes(house))
  await app.register(replayRoutes(house))
  await app.register(eventRoutes(house))
  await app.register(requestRoutes(house))
  if (simulations) await app.register(simulationRoutes(simulations))
}

/**
 * The API, everything mounted, not yet listening. Closing it closes what it opened. Without `simulations`, as always in
 * production, there is nothing under /v1/sandbox.
 */
export async function buildApi(
  house: House,
  bankClientKeys: unknown,
  simulations?: SimulationParts,
): Promise<FastifyInstance> {
  const app = openApp(house, 'api')
  const [tokens, verifier] = await Promise.all([openTokenServer(house), openVerifier(house)])
  app.addHook('onClose', async () => {
    await Promise.all([tokens.close(), verifier.close()])
  })
  authenticate(app, verifier)
  logRequests(app, house)
  mountTokenServer(app, tokens)
  await mountRoutes(app, house, simulations)
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
