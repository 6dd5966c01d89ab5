import { defineConfig } from 'vitest/config'

/** The journeys that need a real browser: `npm run test:browser -w @rialto/web-sdk`. */
export default defineConfig({
  test: { include: ['test/**/*.browser.ts'], testTimeout: 30_000, hookTimeout: 60_000 },
})
