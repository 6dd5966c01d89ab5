import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { dropDatabase } from '../../test/drop-database.ts'
import { databaseUrl } from '../../test/postgres.setup.ts'
import { connect, type Sql } from './connect.ts'
import { migrate, pendingMigrations } from './migrate.ts'

const name = `test_${randomBytes(6).toString('hex')}`
const url = databaseUrl(inject('postgresUrl'), name)
let admin: Sql
let sql: Sql
beforeAll(async () => {
  admin = connect(inject('postgresUrl'), { max: 1 })
  await admin`create database ${admin(name)}`
  sql = connect(url, { max: 2 })
})
afterAll(async () => {
  await sql.end()
  await dropDatabase(admin, name)
  await admin.end()
})

it('says what an empty database lacks', async () => {
  expect((await pendingMigrations(sql)).length).toBeGreaterThanOrEqual(5)
})

it('runs each page once though ten processes start at the same time', async () => {
  const pages = await pendingMigrations(sql)
  const processes = Array.from({ length: 10 }, () => connect(url, { max: 2 }))
  const ran = await Promise.all(processes.map((process) => migrate(process, url)))
  await Promise.all(processes.map((process) => process.end()))
  expect(ran.filter((files) => files.length > 0)).toEqual([pages])
  expect(await pendingMigrations(sql)).toEqual([])
  const rows = await sql<{ name: string }[]>`select name from migration order by name`
  expect(rows.map((row) => row.name)).toEqual(pages)
})

it('has nothing to do the next time', async () => {
  expect(await migrate(sql, url)).toEqual([])
})

it('leaves nothing of a page that fails, names it, and runs it when it can', async () => {
  // Its tables are there: it fails.
  const name = '015-requests.sql'
  await sql`delete from migration where name = ${name}`
  const tables = await sql`select 1 from pg_tables`
  await expect(migrate(sql, url)).rejects.toThrow(`migration ${name} failed: `)
  expect(await pendingMigrations(sql)).toEqual([name])
  expect(await sql`select 1 from pg_tables`).toHaveLength(tables.length)
  await sql`insert into migration (name) values (${name})`
  expect(await migrate(sql, url)).toEqual([])
})
