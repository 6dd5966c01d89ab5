import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { VaultKey } from '../net/vault.ts'
import type { Config } from './config.ts'

export type Keys = Readonly<{ vault: readonly [VaultKey, ...VaultKey[]]; bankClient: JWK & { kid: string } }>

type Stored = { vault: { id: string; base64: string }[]; bankClient: JWK & { kid: string } }

/** The keys of the environment; a sandbox that was given none makes its own once and keeps them in dataDir. */
export async function keysOf(config: Config): Promise<Keys> {
  const { vaultKeys, bankClientKey } = config
  const kept = vaultKeys && bankClientKey ? undefined : await keptKeys(config.dataDir)
  const [first, ...rest] = kept?.vault.map(({ id, base64 }) => ({ id, bytes: Buffer.from(base64, 'base64') })) ?? []
  const vault = vaultKeys ?? (first ? ([first, ...rest] as const) : undefined)
  const bankClient = (bankClientKey as Keys['bankClient'] | undefined) ?? kept?.bankClient
  if (!vault || !bankClient) throw new Error('broken promise: kept keys are whole')
  return { vault, bankClient }
}

async function keptKeys(dataDir: string): Promise<Stored> {
  const file = join(dataDir, 'keys.json')
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true })
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const bankClient = { ...(await exportJWK(privateKey)), kid: `bank-${randomBytes(4).toString('hex')}`, alg: 'ES256' }
    const vault = [{ id: `vault-${randomBytes(4).toString('hex')}`, base64: randomBytes(32).toString('base64') }]
    writeFileSync(file, JSON.stringify({ vault, bankClient }, null, 2), { mode: 0o600, flag: 'wx' })
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Stored
}

/** What the banks may know of our key. */
export function publicBankKeys({ bankClient }: Keys): { keys: JWK[] } {
  const { d: _private, ...publicJwk } = bankClient
  return { keys: [{ ...publicJwk, use: 'sig', alg: 'ES256' }] }
}
