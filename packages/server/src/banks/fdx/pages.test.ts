import { expect, it } from 'vitest'
import type { ApiAnswer } from './api.ts'
import { type Cursor, readPages } from './pages.ts'

const page = (name: string, next: object = {}): ApiAnswer => ({
  kind: 'ok',
  body: { page: next, things: [{ name }] },
  isPartial: false,
})
const refused = (kind: 'bank_unavailable' | 'relink' | 'unauthorized' | 'nothing'): ApiAnswer => ({
  kind,
  why: 'so',
  status: 500,
})

/** Reads scripted pages; answers what was asked and what came out. */
async function read(...script: ApiAnswer[]) {
  const asked: Cursor[] = []
  const answer = await readPages(async (cursor) => {
    asked.push(cursor)
    return script[asked.length - 1] ?? script.at(-1) ?? refused('nothing')
  }, 'things')
  const names = answer.kind === 'ok' ? answer.items.map(({ name }) => name).join('') : answer.kind
  return { asked, names, isPartial: answer.kind === 'ok' && answer.isPartial }
}

it('follows page keys and offsets, the page key first, and stops where there is none', async () => {
  const story = await read(page('a', { nextPageKey: 'k1', nextOffset: '9' }), page('b', { nextOffset: 2 }), page('c'))
  expect(story).toEqual({ asked: [{}, { pageKey: 'k1' }, { offset: '2' }], names: 'abc', isPartial: false })
})

it('stops at a cursor that comes back', async () => {
  const story = await read(page('a', { nextPageKey: 'k' }), page('b', { nextPageKey: 'k' }))
  expect(story).toMatchObject({ asked: [{}, { pageKey: 'k' }], names: 'ab', isPartial: true })
})

it('stops after twenty pages', async () => {
  let count = 0
  const answer = await readPages(async () => page('x', { nextPageKey: `k${count++}` }), 'things')
  expect(count).toBe(20)
  expect(answer).toMatchObject({ kind: 'ok', isPartial: true })
})

it('makes do with the pages it has when a later one fails', async () => {
  const story = await read(page('a', { nextPageKey: 'k' }), refused('bank_unavailable'))
  expect(story).toMatchObject({ names: 'a', isPartial: true })
})

it('tells a failure of the first page, and an ended consent on any', async () => {
  expect((await read(refused('bank_unavailable'))).names).toBe('bank_unavailable')
  expect((await read(page('a', { nextPageKey: 'k' }), refused('relink'))).names).toBe('relink')
  expect((await read(page('a', { nextPageKey: 'k' }), refused('unauthorized'))).names).toBe('unauthorized')
})

it('reads no data and no body as an empty list', async () => {
  expect((await read(refused('nothing'))).names).toBe('')
  expect((await read({ kind: 'ok', body: null, isPartial: false })).names).toBe('')
  expect((await read({ kind: 'ok', body: { things: 'none' }, isPartial: true })).isPartial).toBe(true)
})

it.each([{ nextPageKey: '' }, { nextPageKey: null }, { nextOffset: 'x'.repeat(3_000) }, { nextPageKey: {} }])(
  'takes %j for the end',
  async (next) => expect((await read(page('a', next), page('b'))).names).toBe('a'),
)
