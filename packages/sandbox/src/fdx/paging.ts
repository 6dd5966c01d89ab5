import { FdxError } from './errors.ts'

/** Small on purpose, so that every client meets a second page. */
const DEFAULT_LIMIT = 2
const MOST = 100

export type Page = Readonly<{ offset: number; limit: number }>
type Query = Readonly<Record<string, string | undefined>>

const toCursor = (offset: number): string => Buffer.from(`after:${offset}`).toString('base64url')

function fromCursor(cursor: string): number {
  const found = /^after:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (!found) throw new FdxError('invalid_input', 'the page cursor is not one of ours')
  return Number(found[1])
}

/** Reads `limit` and the cursor: `pageKey` in version 6, `offset` in version 5. Both are opaque to clients. */
export function readPage(dialect: 'v5' | 'v6', query: Query): Page {
  const limit = query.limit === undefined ? DEFAULT_LIMIT : Number(query.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw new FdxError('invalid_input', `limit must be 1 to ${MOST}`)
  const cursor = dialect === 'v6' ? query.pageKey : query.offset
  return { offset: cursor ? fromCursor(cursor) : 0, limit }
}

/**
 * The `page` object of an answer. `more` says whether anything comes after this page; without it there is no cursor.
 */
export function toPage(dialect: 'v5' | 'v6', page: Page, more: boolean, repeats: boolean): object {
  const cursor = repeats ? toCursor(page.offset) : more ? toCursor(page.offset + page.limit) : undefined
  if (!cursor) return {}
  return dialect === 'v6' ? { nextPageKey: cursor } : { nextOffset: cursor }
}
