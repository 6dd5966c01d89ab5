import type { ApiAnswer, ApiRefusal } from './api.ts'
import { type Fields, fieldsAt, listAt } from './reading.ts'

const mostPages = 20
const longestCursor = 2_048

export type Cursor = Readonly<Record<string, string>>
/** `isPartial`: there was more, and the bank did not give it. */
export type PagesAnswer = Readonly<{ kind: 'ok'; items: readonly Fields[]; isPartial: boolean }> | ApiRefusal

/**
 * Reads a list to its end. A cursor that comes back, a page beyond the last sensible one and a later page that fails
 * end the reading with what is there. An ended token or consent is told at whatever page it shows.
 */
export async function readPages(read: (cursor: Cursor) => Promise<ApiAnswer>, key: string): Promise<PagesAnswer> {
  const items: Fields[] = []
  const seen = new Set<string>()
  let cursor: Cursor = {}
  let isPartial = false
  for (let page = 1; ; page++) {
    const answer = await read(cursor)
    if (answer.kind !== 'ok') {
      if (answer.kind === 'nothing') return { kind: 'ok', items, isPartial }
      const isOver = page === 1 || answer.kind === 'unauthorized' || answer.kind === 'relink'
      return isOver ? answer : { kind: 'ok', items, isPartial: true }
    }
    isPartial ||= answer.isPartial
    if (answer.body === null) return { kind: 'ok', items, isPartial }
    items.push(...listAt(answer.body, key))
    const next = nextCursor(answer.body)
    if (!next) return { kind: 'ok', items, isPartial }
    const mark = JSON.stringify(next)
    if (seen.has(mark) || page === mostPages) return { kind: 'ok', items, isPartial: true }
    seen.add(mark)
    cursor = next
  }
}

/** The page key of newer versions before the offset of older ones; banks mix them up, and both are opaque. */
function nextCursor(body: Fields): Cursor | undefined {
  const page = fieldsAt(body, 'page')
  const pageKey = cursorText(page?.nextPageKey)
  if (pageKey !== undefined) return { pageKey }
  const offset = cursorText(page?.nextOffset)
  return offset === undefined ? undefined : { offset }
}

function cursorText(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text !== '' && text.length <= longestCursor ? text : undefined
}
