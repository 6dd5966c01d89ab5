import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { openVault, type VaultKey } from './vault.ts'

const key = (id: string): VaultKey => ({ id, bytes: randomBytes(32) })
const [first, second] = [key('2026-1'), key('2026-2')]

it('opens what it sealed, and only for the row it was sealed for', async () => {
  const vault = openVault([first])
  const sealed = await vault.seal('000123456789', 'account:1')
  expect(sealed).not.toContain('000123456789')
  expect(await vault.open(sealed, 'account:1')).toBe('000123456789')
  await expect(vault.open(sealed, 'account:2')).rejects.toThrow('belongs to another row')
})

it('opens old texts after a rotation and says that they are stale', async () => {
  const sealed = await openVault([first]).seal('token', 'link:1')
  const rotated = openVault([second, first])
  expect(await rotated.open(sealed, 'link:1')).toBe('token')
  expect(rotated.isStale(sealed)).toBe(true)
  expect(rotated.isStale(await rotated.seal('token', 'link:1'))).toBe(false)
})

it('refuses a changed text and an unknown key', async () => {
  const vault = openVault([first])
  const sealed = await vault.seal('token', 'link:1')
  const parts = sealed.split('.')
  parts[3] = `A${parts[3]?.slice(1)}`.replace(/^AA/, 'AB')
  await expect(vault.open(parts.join('.'), 'link:1')).rejects.toThrow()
  await expect(openVault([second]).open(sealed, 'link:1')).rejects.toThrow("no key '2026-1'")
})
