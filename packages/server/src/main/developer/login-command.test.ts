import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Developer, openDeveloper } from '../../../test/developer.ts'
import { openTestApi, type TestApi, type TestMerchant } from '../../../test/test-api.ts'
import { numberEvents } from '../../webhooks/event.commands.ts'
import { readSurroundings } from './tools.ts'

let t: TestApi
let other: TestMerchant
let ada: Developer
beforeAll(async () => {
  t = await openTestApi()
  other = await t.newMerchant('Other Store')
})
afterAll(() => t.close())
beforeEach(() => {
  ada = openDeveloper(t)
})
afterEach(() => ada.close())

const configFile = () => join(ada.folder, 'config.json')
const login = (merchant: TestMerchant, ...more: string[]) => {
  ada.typed.secret = merchant.clientSecret
  return ada.rialto('login', '--api-url', t.apiUrl, '--client-id', merchant.clientId, ...more)
}
/** As whom the API is called: the other merchant has a customer, and the first one none. */
const whoCalls = async (...words: string[]): Promise<'first' | 'other'> => {
  const { events } = await ada.json<{ events: unknown[] }>('events', 'list', ...words)
  return events.length > 0 ? 'other' : 'first'
}

it('keeps a login where only its owner can read it, and prints the secret nowhere', async () => {
  const said = await login(t.merchant)
  expect(said).toMatchObject({ code: 0, note: '' })
  expect(said.out).toBe(`Logged in at ${t.apiUrl} as ${t.merchant.clientId}; profile default.\n`)
  expect(statSync(configFile()).mode & 0o777).toBe(0o600)
  expect(statSync(ada.folder).mode & 0o777).toBe(0o700)
  expect(readFileSync(configFile(), 'utf8')).toContain(t.merchant.clientSecret)
  for (const words of [
    ['config', 'show'],
    ['config', 'show', '--json'],
    ['logout', '--json'],
  ]) {
    const { out, note } = await ada.rialto(...words)
    expect(out + note).not.toContain(t.merchant.clientSecret)
  }
  expect(readFileSync(configFile(), 'utf8')).not.toContain(t.merchant.clientSecret)
})

it('verifies the secret, and keeps nothing that is not right', async () => {
  ada.typed.secret = 'rialto_sandbox_wrong'
  const wrong = ada.rialto('login', '--api-url', t.apiUrl, '--client-id', t.merchant.clientId)
  await expect(wrong).rejects.toThrow(/does not take the credentials.*\n.*Nothing was kept/s)
  ada.typed.secret = ''
  await expect(ada.rialto('login', '--client-id', t.merchant.clientId)).rejects.toThrow('There was no secret')
  ada.typed.secret = 'rialto_sandbox_wrong'
  const away = ada.rialto('login', '--api-url', 'http://127.0.0.1:9', '--client-id', t.merchant.clientId)
  await expect(away).rejects.toThrow('Is it running?')
  expect((await ada.rialto('config', 'show')).out).not.toContain('default')
  expect(await ada.rialto('login')).toMatchObject({ code: 2, note: expect.stringContaining('--client-id') })
  expect(await ada.rialto('login', '--api-url', 'somewhere')).toMatchObject({ code: 2 })
  expect(await ada.rialto('login', '--profile', 'local')).toMatchObject({ code: 2 })
})

it('takes what it needs from the environment, so that nothing has to be typed', async () => {
  Object.assign(ada.environment, { apiUrl: t.apiUrl, clientId: other.clientId, clientSecret: other.clientSecret })
  ada.typed.secret = 'asked in vain'
  expect((await ada.rialto('login', '--profile', 'ci')).out).toContain(`as ${other.clientId}; profile ci.`)
})

it('goes by --profile, else the environment, else the profile in use, else what runs here', async () => {
  await other.session()
  await numberEvents(t.house)
  expect(await whoCalls()).toBe('first')
  await login(other, '--profile', 'other')
  expect(await whoCalls()).toBe('other')
  expect(await whoCalls('--profile', 'local')).toBe('first')
  Object.assign(ada.environment, {
    ...{ apiUrl: t.apiUrl, clientId: t.merchant.clientId, clientSecret: t.merchant.clientSecret },
  })
  expect(await whoCalls()).toBe('first')
  expect(await whoCalls('--profile', 'other')).toBe('other')
  expect((await ada.rialto('config', 'show')).note).toContain('goes before these')
  Object.assign(ada.environment, { clientId: undefined, clientSecret: undefined })
  expect(await whoCalls(), 'an address alone is no login').toBe('other')
  await ada.rialto('config', 'unset')
  expect(await whoCalls()).toBe('first')
  await ada.rialto('config', 'use', 'other')
  expect(await whoCalls()).toBe('other')
  expect(await ada.json('config', 'show')).toMatchObject({
    ...{ inUse: 'other', profiles: [{ profile: 'other', clientId: other.clientId, inUse: true }], local: t.apiUrl },
  })
  expect((await ada.rialto('logout')).out).toContain('Forgotten: other')
  expect(await whoCalls()).toBe('first')
})

it('never puts together a secret and an address that were not given together', async () => {
  await login(t.merchant)
  Object.assign(ada.environment, { apiUrl: 'http://127.0.0.1:9', clientId: t.merchant.clientId })
  await expect(ada.rialto('events', 'list')).rejects.toThrow(/^RIALTO_CLIENT_SECRET missing/)
  Object.assign(ada.environment, { apiUrl: undefined, clientSecret: t.merchant.clientSecret })
  await expect(ada.rialto('events', 'list')).rejects.toThrow(/^RIALTO_API_URL missing/)
})

it('says what to do when there is no login, and when nothing answers', async () => {
  const running = ada.running.file
  ada.running.file = undefined
  await expect(ada.rialto('events', 'list')).rejects.toThrow('rialto login')
  await expect(ada.rialto('events', 'list', '--profile', 'local')).rejects.toThrow('npm run up')
  await expect(ada.rialto('events', 'list', '--profile', 'nobody')).rejects.toThrow("no profile 'nobody'")
  await expect(ada.rialto('config', 'use', 'constructor')).rejects.toThrow("no profile 'constructor'")
  await expect(ada.rialto('logout')).rejects.toThrow('No profile is in use')
  ada.running.file = running && { ...running, urls: { ...running.urls, api: 'http://127.0.0.1:9' } }
  const away = await ada.rialto('events', 'list')
  expect(away).toMatchObject({ code: 1, note: expect.stringContaining('the deployment that runs on this data folder') })
})

it('does not quote a file that it cannot understand', async () => {
  await login(t.merchant)
  writeFileSync(configFile(), `{"profiles": {"default": "${t.merchant.clientSecret}`)
  const error = await ada.rialto('config', 'show').catch((thrown: Error) => thrown.message)
  expect(error).toContain('remove it and log in again')
  expect(error).not.toContain(t.merchant.clientSecret)
})

it('keeps to the folder that XDG_CONFIG_HOME names, if it names one', () => {
  const folderOf = (XDG_CONFIG_HOME?: string) => readSurroundings({ XDG_CONFIG_HOME }, '/home/ada').folder
  expect(folderOf('/etc/ada')).toBe('/etc/ada/rialto')
  expect(folderOf()).toBe('/home/ada/.config/rialto')
  expect(folderOf('relative')).toBe('/home/ada/.config/rialto')
})
