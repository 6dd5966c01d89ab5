import type { FastifyPluginAsync } from 'fastify'
import { clockRoutes } from './clock.routes.ts'
import type { SimulationParts } from './simulation-parts.ts'
import { wishRoutes } from './wish.routes.ts'
import { worldRoutes } from './world.routes.ts'

/** How this room's routes stand in the OpenAPI document. */
export const simulationTag = {
  name: 'Sandbox',
  description: 'Turn the clock, and say what happens in the pretend outside world. In sandbox deployments only.',
}

/** Everything under /v1/sandbox. Mounted by main/, in sandbox deployments only. */
export const simulationRoutes =
  (parts: SimulationParts): FastifyPluginAsync =>
  async (app) => {
    await app.register(clockRoutes(parts))
    await app.register(wishRoutes(parts))
    await app.register(worldRoutes(parts))
  }
