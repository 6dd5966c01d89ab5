import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { House } from '../house.ts'
import { createMerchant } from '../merchants/merchant.commands.ts'
import type { Config } from './config.ts'
import type { RunFile } from './run-file.ts'

type Seed = Required<Pick<RunFile, 'merchant' | 'client'>>

/**
 * A sandbox starts with one merchant, made once. Its secret is stored hashed like any other; the file beside the data,
 * readable by its owner only, is what lets a laptop print it again.
 */
export async function seedSandbox(house: House, config: Config): Promise<Seed> {
  const file = join(config.dataDir, 'sandbox-credentials.json')
  const known = readSeed(file)
  if (known) {
    const [row] = await house.sql`select 1 from api_client where id = ${known.client.id}`
    if (row) return known
  }
  const { merchant, credentials } = await createMerchant(house, { name: 'Northwind Coffee', color: '#24324a' })
  const seed: Seed = {
    merchant: { id: merchant.id, name: merchant.name },
    client: { id: credentials.clientId, secret: credentials.clientSecret },
  }
  writeFileSync(file, JSON.stringify(seed, null, 2), { mode: 0o600 })
  return seed
}

function readSeed(file: string): Seed | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Seed
  } catch {
    return undefined
  }
}
