import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorker } from '../../src/main/worker.ts'
import { openTestApi, type TestApi } from '../test-api.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
afterAll(() => t.close())

const ask = (path: string) => fetch(t.apiUrl + path)

it('is alive at once, and ready when a worker has been seen', async () => {
  expect((await ask('/health')).status).toBe(200)
  const without = await ask('/ready')
  expect(without.status).toBe(503)
  expect(await without.json()).toEqual({
    status: 'not ready',
    checks: { database: true, migrations: true, worker: false },
  })
  const worker = await startWorker(t.house, t.databaseUrl)
  try {
    expect((await ask('/ready')).status).toBe(200)
  } finally {
    await worker.stop()
  }
  expect((await ask('/ready')).status, 'a worker that stopped says so').toBe(503)
})

it('is not ready with a database that is behind', async () => {
  await t.house.sql`delete from migration where name = (select max(name) from migration)`
  const behind = await ask('/ready')
  expect([behind.status, await behind.json()]).toEqual([
    503,
    { status: 'not ready', checks: { database: true, migrations: false, worker: false } },
  ])
})

it('shows the API reference without asking anybody else for anything', async () => {
  const page = await ask('/docs/')
  const html = await page.text()
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '')
  expect(addresses.length).toBeGreaterThan(0)
  for (const address of addresses) expect(address, 'every address is our own').toMatch(/^(?!\/\/)[./]|^data:|^[a-z]+\//)
  for (const address of addresses.filter((one) => !one.startsWith('data:')))
    expect((await fetch(new URL(address, `${t.apiUrl}/docs/`))).status, address).toBe(200)
  const document = (await (await ask('/docs/openapi.json')).json()) as { openapi: string; paths: object }
  expect(document.openapi).toMatch(/^3\.1/)
  expect(Object.keys(document.paths)).toContain('/v1/refunds')
})

it('explains every error code that an error body points to', async () => {
  const refused = await ask('/v1/payments')
  const { docs } = (await refused.json()) as { docs: string }
  const page = await (await fetch(docs.replace(/^https?:\/\/[^/]+/, t.apiUrl))).text()
  expect(page).toContain(`id="${new URL(docs).hash.slice(1)}"`)
})
