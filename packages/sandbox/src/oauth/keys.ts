import { createHash, randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { banks } from '../banks/bank.ts'
import type { Sql } from '../db/connect.ts'

export const SIGNING_ALG = 'ES256'

/** Made once and kept in the database, so that a restart breaks neither tokens nor sessions. */
export type Keys = Readonly<{
  /** A bank's private key, by slug. */
  signing: ReadonlyMap<string, JWK>
  cookies: string
  forms: string
}>

export function signingKey(keys: Keys, slug: string): JWK {
  const key = keys.signing.get(slug)
  if (!key) throw new Error(`broken promise: ${slug} has a signing key`)
  return key
}

/** The half of a bank's signing key that only verifies. */
export function publicKey(keys: Keys, slug: string): JWK {
  const { d: _private, ...open } = signingKey(keys, slug)
  return open
}

/** Keeps the first value ever offered under a name, whoever offered it. */
async function keep<T>(sql: Sql, name: string, make: () => Promise<T>): Promise<T> {
  const find = () => sql<{ value: T }[]>`select value from secret where name = ${name}`
  const [known] = await find()
  if (known) return known.value
  const fresh = JSON.stringify(await make())
  await sql`insert into secret (name, value) values (${name}, ${fresh}::text::jsonb) on conflict do nothing`
  const [kept] = await find()
  return kept!.value
}

async function newSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(SIGNING_ALG, { extractable: true })
  const key = await exportJWK(privateKey)
  const kid = createHash('sha256').update(`${key.x}.${key.y}`).digest('base64url').slice(0, 16)
  return { ...key, kid, alg: SIGNING_ALG, use: 'sig' }
}

const newSecret = async (): Promise<string> => randomBytes(32).toString('base64url')

export async function openKeys(sql: Sql): Promise<Keys> {
  const signing = new Map<string, JWK>()
  for (const { slug } of banks) signing.set(slug, await keep(sql, `signing:${slug}`, newSigningKey))
  return { signing, cookies: await keep(sql, 'cookies', newSecret), forms: await keep(sql, 'forms', newSecret) }
}
