import type { House } from '../house.ts'
import { looksLikeId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { readLiveClients } from './access.store.ts'
import type { Caller } from './caller.ts'
import { isOneOf } from './secret.ts'

/**
 * Tells a caller by `Authorization: Basic base64(client_id:client_secret)`, which one call takes in place of a token.
 * Always asks the database. Refuses: unauthorized.
 */
export async function verifySecret(house: Pick<House, 'sql'>, authorization: string): Promise<Caller> {
  const [id, secret] = readBasic(authorization)
  const [client] = looksLikeId(id) ? await readLiveClients(house.sql, [id.toLowerCase()]) : []
  // A client that signs assertions has no secret. One that does not exist is compared with nothing, in the same time.
  const hashes = client && !client.jwks ? client.hashes : []
  if (!isOneOf(hashes, secret) || !client) throw new Refusal('unauthorized', { why: 'wrong credentials' })
  const { merchantId, scopes, coreTokenMayPay } = client
  return { merchantId, clientId: client.id, scopes: new Set(scopes), coreTokenMayPay }
}

/** Our ids and secrets have no character that form-encoding would change, so both ways of writing Basic are read. */
function readBasic(authorization: string): [id: string, secret: string] {
  const [scheme, encoded, more] = authorization.split(' ')
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (scheme?.toLowerCase() !== 'basic' || more !== undefined || colon < 1)
    throw new Refusal('unauthorized', { why: 'no Basic credentials' })
  return [text.slice(0, colon), text.slice(colon + 1)]
}
