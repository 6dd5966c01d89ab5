import { readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { beforeAll, expect, it, vi } from 'vitest'
import type LinkExport from '../src/link.ts'
import { bundleText, withAddresses } from './bundle.ts'

let text: string
beforeAll(async () => {
  text = await bundleText()
})

const load = async (source: string): Promise<typeof LinkExport> =>
  (await import(`data:text/javascript,${encodeURIComponent(source)}`)).default

it('is smaller than 4 kB compressed', () => {
  expect(gzipSync(text).length).toBeLessThan(4_000)
  expect(brotliCompressSync(text).length).toBeLessThan(4_000)
})

it('is one file without imports', () => {
  expect(text).not.toMatch(/\bimport\b\s*[({'"`\w]|\brequire\(/)
})

it('has one place for each address, which the server fills in', async () => {
  expect(text.split('__RIALTO_API_URL__')).toHaveLength(2)
  expect(text.split('__RIALTO_CLIENT_URL__')).toHaveLength(2)

  const opened: string[] = []
  vi.stubGlobal('location', { assign: (url: string) => opened.push(url) })
  const served = await load(withAddresses(text, 'http://localhost:4000', 'http://localhost:4001'))
  served.LinkInstance({ sessionKey: 'k', environment: 'sandbox' }).action()
  expect(opened[0]).toMatch(/^http:\/\/localhost:4001\/\?sessionKey=k&environment=sandbox&version=web-v/)
  vi.unstubAllGlobals()
})

it('asks for the addresses when nobody filled them in', async () => {
  const fromNpm = await load(text)
  expect(() => fromNpm.LinkInstance({ sessionKey: 'k' })).toThrow(/clientUrl is not known/)
})

it('tells the hosted flow the version that its package has', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const served = await load(withAddresses(text, 'http://localhost:4000', 'http://localhost:4001'))
  expect(served.LinkInstance({ sessionKey: 'k' }).getVersion()).toBe(`web-v${version}`)
})
