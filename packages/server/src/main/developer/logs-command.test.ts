import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Developer, openDeveloper, takeAway } from '../../../test/developer.ts'
import { openTestApi, type TestApi } from '../../../test/test-api.ts'

let t: TestApi
let ada: Developer
beforeAll(async () => {
  t = await openTestApi()
  ada = openDeveloper(t)
})
afterAll(async () => {
  ada.close()
  await t.close()
})

const nobody = '019b8eac-1180-7fec-ab66-ffc86f38d952'

it('lists and shows what the programs asked, and how it went', async () => {
  const { headers } = await t.merchant.get(`/v1/payments/${nobody}`)
  const id = headers.get('x-request-id') ?? ''
  const list = () => ada.rialto('logs', 'list', '--status', '4xx').then(({ out }) => out)
  await expect
    .poll(list, { timeout: 5_000 })
    .toMatch(/ {2}404 +\d+ ms {2}GET +\/v1\/payments\/\S+ {2}\S+ {2}NOT_FOUND\n$/)
  expect(await ada.json('logs', 'list', '--status', '404')).toMatchObject({ requests: [{ requestId: id }] })
  expect((await ada.rialto('logs', 'list', '--status', '5xx')).out).toBe(
    'There are no such requests in the last week.\n',
  )
  expect((await ada.rialto('logs', 'show', id)).out).toContain(`"requestId": "${id}"`)
  expect(await ada.rialto('logs', 'show', nobody)).toMatchObject({
    ...{ code: 1, note: expect.stringMatching(/^NOT_FOUND: There is no such request/) },
  })
  expect(await ada.rialto('logs', 'list', '--status', 'bad')).toMatchObject({ code: 2 })
})

it('follows requests as they are answered, across a restart of the API, until Ctrl-C', async () => {
  const all = ada.follow('logs', 'tail')
  const bad = ada.follow('logs', 'tail', '--status', '4xx', '--json')
  const call = (path: string) => t.merchant.get(path)
  // Whether they follow already shows in what they print.
  const until = (following: typeof all, path: string, pattern: RegExp) =>
    expect
      .poll(
        async () => {
          await call(path)
          return following.lines().at(-1)
        },
        { timeout: 15_000, interval: 300 },
      )
      .toMatch(pattern)
  await until(all, '/v1/return-rates', / 200 +\d+ ms {2}GET +\/v1\/return-rates /)
  await until(bad, `/v1/payments/${nobody}`, /"status":404/)
  expect(bad.lines().every((line) => JSON.parse(line).status === 404)).toBe(true)

  const before = all.lines().length
  const back = await takeAway(t)
  await expect.poll(all.notes).toContain('Waiting for it; nothing is lost.')
  const again = await back()
  await expect.poll(all.notes, { timeout: 15_000 }).toContain('answers again.')
  await call('/v1/rails/ach/calendar')
  await expect.poll(() => all.lines().slice(before).join('\n'), { timeout: 15_000 }).toContain('/v1/rails/ach/calendar')
  expect(await all.interrupt()).toMatchObject({ code: 0 })
  expect(await bad.interrupt()).toMatchObject({ code: 0 })
  await again.close()
})
