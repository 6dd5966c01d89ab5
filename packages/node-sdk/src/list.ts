import { RialtoError } from './errors.ts'

export type Page<T> = Readonly<{ data: readonly T[]; hasMore: boolean; nextCursor: string | null }>

/** Where a list begins, and how much of it is asked for at a time. */
export type PageOptions = Readonly<{
  /** How many a page has: 1 to 100. It says how often the platform is asked, not how many there are in all. */
  limit?: number | undefined
  /** The nextCursor of the page before. */
  after?: string | undefined
}>

export const pageQuery = (limit: number | undefined, after: string | undefined) => ({
  limit: limit === undefined ? undefined : String(limit),
  after,
})

/** Everything there is with `for await`, one page after the other; or one page. */
export type List<T> = AsyncIterable<T> & Readonly<{ page(): Promise<Page<T>> }>

export function listOf<T>(read: (after: string | undefined) => Promise<Page<T>>, after: string | undefined): List<T> {
  async function* all(): AsyncGenerator<T, void> {
    for (let cursor = after; ; ) {
      const { data, hasMore, nextCursor } = await read(cursor)
      yield* data
      if (!hasMore || nextCursor === null) return
      if (nextCursor === cursor) throw new RialtoError('The list does not go on: its next page is the one just read.')
      cursor = nextCursor
    }
  }
  return { page: () => read(after), [Symbol.asyncIterator]: all }
}
