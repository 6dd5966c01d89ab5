import type { JWK } from 'jose'
import type Provider from 'oidc-provider'
import type { House } from '../house.ts'
import { keyContext } from './access.commands.ts'
import type { KeyRing, KeySet } from './key-ring.ts'
import { buildProvider } from './provider.ts'
import type { Clients } from './provider-adapter.ts'
import type { Standings } from './standings.ts'
import { completeAnswers, noteTooLarge } from './token-answers.ts'

export type Listener = ReturnType<Provider['callback']>

/**
 * The oidc-provider of the moment. It takes its keys at construction, so when the published keys change, here or on
 * another process, a new instance takes the next request and the old one finishes what it has begun.
 */
export function keepProvider(
  house: House,
  ring: KeyRing,
  clients: Clients,
  standings: Standings,
): () => Promise<Listener> {
  let running: { keys: KeySet; listener: Promise<Listener> } | undefined

  async function build(keys: KeySet): Promise<Listener> {
    const privateJwks = await Promise.all(keys.keys.map((key) => openKey(house, key.id, key.sealed)))
    const provider = buildProvider(house, keys.keys, privateJwks, clients)
    provider.use(completeAnswers(house, keys, standings))
    provider.on('grant.error', noteTooLarge)
    provider.on('introspection.error', noteTooLarge)
    provider.on('revocation.error', noteTooLarge)
    provider.on('server_error', (_ctx, error) => house.log.error({ err: error }, 'the token server broke a promise'))
    return provider.callback()
  }

  return async () => {
    const keys = await ring.get()
    if (running?.keys === keys) return running.listener
    const next = { keys, listener: build(keys) }
    running = next
    // A set that could not be opened is tried again by the next request.
    next.listener.catch(() => {
      if (running === next) running = undefined
    })
    return next.listener
  }
}

async function openKey(house: House, id: string, sealed: string): Promise<JWK> {
  const jwk = JSON.parse(await house.vault.open(sealed, keyContext(id))) as JWK
  return { ...jwk, kid: id, alg: 'ES256', use: 'sig' }
}
