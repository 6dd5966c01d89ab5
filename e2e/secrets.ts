import { appendFileSync, readFileSync } from 'node:fs'
import type { BrowserContext } from 'playwright-core'
import type { World } from './world.ts'

/** Shorter ones are found everywhere by chance. */
const shortest = 8

/** Remembers what a test used and nobody may find afterwards. */
export function keepSecret(world: World, secret: string): void {
  if (secret.length >= shortest) appendFileSync(world.secretsFile, `${secret}\n`)
}

export const keptSecrets = (world: World): Set<string> =>
  new Set(readFileSync(world.secretsFile, 'utf8').split('\n').filter(Boolean))

/** Session keys, and the codes and states with which banks send customers back. */
export function keepSecretsOf(context: BrowserContext, world: World): void {
  context.on('request', (request) => {
    const { origin, pathname, searchParams } = new URL(request.url())
    const names = pathname === '/' ? ['sessionKey'] : pathname === '/bank/return' ? ['code', 'state'] : []
    if (origin !== world.client) return
    for (const name of names) keepSecret(world, searchParams.get(name) ?? '')
  })
}
