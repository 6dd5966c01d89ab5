import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { House } from '../house.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { createMerchant } from '../merchants/merchant.commands.ts'
import { setTerms } from '../merchants/merchant-terms.commands.ts'
import { getPayee, setPayoutAccount, setPayoutMinimum } from '../payouts/payout-account.commands.ts'
import type { Config } from './config.ts'
import type { RunFile } from './run-file.ts'

type Seed = Required<Pick<RunFile, 'merchant' | 'client'>>

/** The merchant's own account, at the pretend bank that also sends our files. */
const payoutAccount = { routingNumber: '044444444', number: '4400000001', type: 'checking' }

/**
 * A sandbox starts with one merchant, made once. Its secret is stored hashed like any other; the file beside the data,
 * readable by its owner only, is what lets a laptop print it again.
 */
export async function seedSandbox(house: House, config: Config): Promise<Seed> {
  const file = join(config.dataDir, 'sandbox-credentials.json')
  const known = readSeed(file)
  if (known) {
    const [row] = await house.sql`select 1 from api_client where id = ${known.client.id}`
    if (row) {
      await giveAccount(house, known.merchant.id as MerchantId)
      return known
    }
  }
  const { merchant, credentials } = await createMerchant(house, { name: 'Northwind Coffee', color: '#24324a' })
  await setTerms(house, merchant.id, { feeBps: 80 })
  await giveAccount(house, merchant.id)
  const seed: Seed = {
    merchant: { id: merchant.id, name: merchant.name },
    client: { id: credentials.clientId, secret: credentials.clientSecret },
  }
  writeFileSync(file, JSON.stringify(seed, null, 2), { mode: 0o600 })
  return seed
}

/** Also to one that was made before there were payouts. */
async function giveAccount(house: House, id: MerchantId): Promise<void> {
  if ((await getPayee(house, id)).account) return
  await setPayoutAccount(house, id, payoutAccount)
  // A first payment is often of a dollar, and is to be seen all the way.
  await setPayoutMinimum(house, id, Money.of(1n))
}

function readSeed(file: string): Seed | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Seed
  } catch {
    return undefined
  }
}
