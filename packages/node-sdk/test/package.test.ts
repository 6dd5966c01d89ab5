import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { version } from '../src/version.ts'

const here = join(import.meta.dirname, '..')
let shop: string
let installed: string

const run = (...args: string[]) =>
  execFileSync(process.execPath, args, { cwd: shop, encoding: 'utf8', timeout: 60_000 })

/** A merchant's own folder, outside of this repository, in which the built package is installed. */
beforeAll(() => {
  shop = mkdtempSync(join(tmpdir(), 'rialto-shop-'))
  installed = join(shop, 'node_modules/@rialto/node-sdk')
  run(join(here, 'build.ts'), installed)
})
afterAll(() => rmSync(shop, { recursive: true, force: true }))

it('has one version, and needs no other package', () => {
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  const own = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
  expect(manifest).toMatchObject({ name: own.name, version: own.version })
  expect(version).toBe(own.version)
  expect([manifest.dependencies, own.dependencies, manifest.private]).toEqual([undefined, undefined, undefined])
  const files = readdirSync(installed, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const strange = files.map(({ name }) => name).filter((name) => !/\.(js|d\.ts)$/.test(name) || /\.test\./.test(name))
  expect(strange.sort()).toEqual(['LICENSE', 'README.md', 'package.json'])
})

it('runs as plain JavaScript', () => {
  cpSync(join(here, 'test/signature-vectors.json'), join(shop, 'vectors.json'))
  writeFileSync(
    join(shop, 'shop.mjs'),
    `import { readFileSync } from 'node:fs'
     import { dollars, Rialto, webhooks } from '@rialto/node-sdk'
     const [, { secret, id, timestamp, body, reference }] = JSON.parse(readFileSync('vectors.json', 'utf8'))
     const headers = { 'x-signature-uniqueid': id, 'x-signature-timestamp': String(timestamp), 'x-signature': reference }
     new Rialto({ baseUrl: 'https://api.pay.example', clientId: 'shop', clientSecret: 'secret' })
     console.log(dollars(1840).value, webhooks.verify(body, headers, secret, { now: () => new Date(timestamp * 1000) }).eventType)`,
  )
  expect(run('shop.mjs')).toBe('18.4 payment.failed\n')
})

it('brings its types, which need nothing but those of Node', () => {
  const types = join(shop, 'node_modules/@types')
  mkdirSync(types, { recursive: true })
  const require = createRequire(import.meta.url)
  symlinkSync(join(require.resolve('@types/node/package.json'), '..'), join(types, 'node'))
  writeFileSync(
    join(shop, 'shop.ts'),
    `import { dollars, type PaymentResult, Rialto, type RialtoEvent } from '@rialto/node-sdk'
     declare const rialto: Rialto
     export const paid: Promise<PaymentResult> =
       rialto.payments.create({ customerId: 'c', merchantId: 'm', amount: dollars(1) })
     export const code = (event: RialtoEvent) => event.eventType === 'payment.failed' ? event.achReturnCode : undefined
     // @ts-expect-error: an amount is not a number
     void rialto.refunds.create({ paymentId: 'p', amount: 100 })
     // @ts-expect-error: there is no such call
     void rialto.call('GET /v1/nothing')
     // @ts-expect-error: it needs an id
     void rialto.call('GET /v1/payments/{id}')`,
  )
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    module: 'nodenext',
    skipLibCheck: false,
  }
  const compilerOptions = { ...options, target: 'es2023', lib: ['es2023'], types: ['node'] }
  writeFileSync(join(shop, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['shop.ts'] }))
  expect(() => run(require.resolve('typescript/bin/tsc'))).not.toThrow()
}, 60_000)
