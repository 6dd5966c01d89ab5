import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../../test/test-api.ts'
import type { Grant, LinkAnswer } from '../banks/bank-connector.ts'
import type { LinkId } from '../kernel/id.ts'
import { callBank } from './link.commands.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
afterAll(() => t.close())

async function newLink(): Promise<LinkId> {
  const { customerId } = await t.merchant.link()
  const [row] = await t.house.sql<{ id: LinkId }[]>`select id from link where customer_id = ${customerId}`
  return row?.id as LinkId
}

/** A call to the bank that lasts until it is let go. */
function longCall(id: LinkId, signal?: AbortSignal) {
  let begun = false
  let letGo: () => void = () => undefined
  const until = new Promise<void>((done) => {
    letGo = done
  })
  const answer = callBank(
    t.house,
    id,
    async (_link, grant): Promise<LinkAnswer<string>> => {
      begun = true
      await until
      return { kind: 'ok', value: 'done', grant }
    },
    signal,
  )
  return { answer, letGo, begun: () => begun }
}

it('lets one caller at a time talk to the bank for a link', async () => {
  const id = await newLink()
  const [first, second] = [longCall(id), longCall(id)]
  await sleep(100)
  expect([first.begun(), second.begun()].filter(Boolean)).toHaveLength(1)
  first.letGo()
  second.letGo()
  expect((await Promise.all([first.answer, second.answer])).map(({ kind }) => kind)).toEqual(['ok', 'ok'])
})

it('does not wait longer for its turn than the caller has time', async () => {
  const id = await newLink()
  const first = longCall(id)
  await sleep(50)
  const second = longCall(id, AbortSignal.timeout(100))
  expect(await second.answer).toEqual({ kind: 'bank_unavailable' })
  first.letGo()
  await first.answer
})

it('lets the next one in when a process died with its turn, and never ends the turn of somebody else', async () => {
  const id = await newLink()
  const slow = longCall(id)
  await sleep(50)
  t.clock.forward(61_000)
  const next = longCall(id)
  await sleep(50)
  expect(next.begun()).toBe(true)
  slow.letGo()
  await slow.answer
  const third = longCall(id, AbortSignal.timeout(200))
  await sleep(300)
  const together = third.begun()
  third.letGo()
  next.letGo()
  await Promise.all([next.answer, third.answer])
  expect(together).toBe(false)
})

it('keeps a rotated grant at once, though the call fails afterwards', async () => {
  const id = await newLink()
  const rotated: Grant = { consentId: 'c', refreshToken: 'the-next-one' }
  const broken = callBank(t.house, id, async (_link, _grant, keep) => {
    await keep(rotated)
    throw new Error('the connection broke')
  })
  await expect(broken).rejects.toThrow('the connection broke')
  const read = await callBank(
    t.house,
    id,
    async (_link, grant): Promise<LinkAnswer<Grant>> => ({
      ...{ kind: 'ok', value: grant, grant },
    }),
  )
  expect(read).toMatchObject({ value: rotated })
})
