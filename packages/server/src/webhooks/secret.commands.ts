import type { Tx } from '../db/connect.ts'
import type { House } from '../house.ts'
import { resealAll } from '../net/reseal.ts'
import type { Vault } from '../net/vault.ts'
import {
  insertSecret,
  letSecretsExpire,
  listLiveSecrets,
  listSealedSecrets,
  replaceSealedSecret,
  type SealedSecret,
  type SecretId,
} from './endpoint.store.ts'
import type { EndpointId } from './endpoint.ts'

const contextOf = (id: SecretId): string => `webhook-secret:${id}`

/** What an endpoint's deliveries are signed with now, the newest first. */
export const openSecretsOf = async (
  house: Pick<House, 'sql' | 'vault' | 'now'>,
  endpointId: EndpointId,
): Promise<string[]> => openSecrets(house, await listLiveSecrets(house.sql, endpointId, house.now()))

const mostRemembered = 10_000
const remembered = new WeakMap<Vault, Map<string, string>>()

/**
 * In the same order. What was opened is remembered by its sealed text: a lane opens its secrets with each thing that it
 * tells, and opening costs more than signing.
 */
export function openSecrets({ vault }: Pick<House, 'vault'>, sealed: readonly SealedSecret[]): Promise<string[]> {
  const known = remembered.get(vault) ?? new Map<string, string>()
  if (known.size > mostRemembered) known.clear()
  remembered.set(vault, known)
  return Promise.all(
    sealed.map(async (secret) => {
      const text = known.get(secret.sealed) ?? (await vault.open(secret.sealed, contextOf(secret.id)))
      known.set(secret.sealed, text)
      return text
    }),
  )
}

/** Sealed outside of any transaction. */
export type FreshSecret = Readonly<{ id: SecretId; sealed: string }>

export async function sealSecret(house: Pick<House, 'newId' | 'vault'>, secret: string): Promise<FreshSecret> {
  const id = house.newId<'webhookSecret'>()
  return { id, sealed: await house.vault.seal(secret, contextOf(id)) }
}

/**
 * From now on this one signs. Those before it sign beside it until `overlapMs` of house time have passed; answers when
 * that is.
 */
export async function useSecret(
  house: Pick<House, 'now'>,
  tx: Tx,
  endpointId: EndpointId,
  secret: FreshSecret,
  overlapMs: number,
): Promise<Date> {
  const now = house.now()
  const until = new Date(now.getTime() + overlapMs)
  await letSecretsExpire(tx, endpointId, now, until)
  await insertSecret(tx, { ...secret, endpointId, createdAt: now })
  return until
}

/** With the present key. Answers how many there were. */
export const resealWebhookSecrets = (house: Pick<House, 'sql' | 'vault'>): Promise<number> =>
  resealAll(
    house.vault,
    async (after) => (await listSealedSecrets(house.sql, after)).map((row) => ({ ...row, context: contextOf(row.id) })),
    (row, sealed) => replaceSealedSecret(house.sql, row.id, row.sealed, sealed),
  )
