import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../../test/test-api.ts'
import { resealSigningKeys } from '../access/access.commands.ts'
import { resealNumbers } from '../customers/customer.commands.ts'
import { resealGrants } from '../linking/link.commands.ts'
import { openVault, type VaultKey } from './vault.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
afterAll(() => t.close())

const key = (id: string): VaultKey => ({ id, bytes: randomBytes(32) })

it('seals everything again with the new key, so that the old one is no longer needed', async () => {
  await t.merchant.link()
  const [next, former] = [key('next'), t.vaultKey]
  const rotating = { ...t.house, vault: openVault([next, former]) }
  const count = async () => [
    await resealGrants(rotating),
    await resealNumbers(rotating),
    await resealSigningKeys(rotating),
  ]
  expect(await count()).toEqual([1, 1, 1])
  expect(await count()).toEqual([0, 0, 0])
  const [account] = await t.house.sql<{ id: string; number_sealed: string }[]>`select id, number_sealed from account`
  expect(await openVault([next]).open(account?.number_sealed ?? '', `account:${account?.id}`)).toMatch(/^\d+$/)
})
