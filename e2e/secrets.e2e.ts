import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inDatabase } from './database.ts'
import {
  bankA,
  bankB,
  chooseAndAuthorize,
  comesBack,
  consent,
  doorOf,
  enterCode,
  findBank,
  oauthBank,
  press,
  signInHere,
  signInThere,
} from './flow.steps.ts'
import { browsers, world } from './journey.ts'
import { openSession } from './merchant.ts'
import { keptSecrets } from './secrets.ts'

const visit = browsers()

/** Every value of every table of the platform, a row a line. */
async function wholeDatabase(): Promise<Map<string, string>> {
  const tables = await inDatabase<{ name: string }>(
    'server',
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const dump = new Map<string, string>()
  for (const { name } of tables) {
    const rows = await inDatabase<{ line: string }>('server', `select row::text as line from ${name} row`)
    dump.set(`table ${name}`, rows.map(({ line }) => line).join('\n'))
  }
  return dump
}

/** What the banks know their customers' accounts by: real numbers, and those that stand for them under one consent. */
async function accountNumbers(): Promise<string[]> {
  const rows = await inDatabase<{ number: string }>(
    'sandbox',
    'select number from account union select number from account_token',
  )
  return rows.map(({ number }) => number)
}

/** Leaves every kind of secret behind, also when no other test file has run. */
const stumble = () =>
  visit({}, async (visitor) => {
    await visitor.page.goto(doorOf(await openSession()))
    await consent(visitor)
    await findBank(visitor, bankA)
    await signInHere(visitor, 'profile_522', 'a password of no use')
    await visitor.page.getByRole('alert').waitFor()
    await press(visitor, 'Choose another bank')
    await findBank(visitor, bankB)
    await signInHere(visitor, 'profile_mfa')
    await enterCode(visitor, '6-digit code', '123456')
    await visitor.pass('Choose an account')
    await press(visitor, 'Choose another bank')
    await findBank(visitor, oauthBank)
    await signInThere(visitor, 'profile_522')
    await chooseAndAuthorize(visitor)
    expect((await comesBack(visitor, `${world.store}/`)).get('status')).toBe('200')
  })

it('no account number, password, key, code or token is in the platform’s log or database', async () => {
  await stumble()
  const secrets = new Set([...keptSecrets(world), ...(await accountNumbers()), world.credentials.secret])
  expect(secrets.size).toBeGreaterThan(20)
  const places = await wholeDatabase()
  expect(places.get('table public.session')).toContain('finbank-oauth')
  for (const file of readdirSync(world.logs)) {
    if (file.startsWith('sandbox')) continue
    places.set(`log ${file}`, readFileSync(join(world.logs, file), 'utf8'))
  }
  expect(places.get('log server.log')).toContain('bank call')
  const found: string[] = []
  for (const [place, text] of places)
    for (const secret of secrets) {
      const index = text.indexOf(secret)
      if (index >= 0) found.push(`${place}: …${text.slice(Math.max(index - 80, 0), index + 60)}…`)
    }
  expect(found).toEqual([])
})
