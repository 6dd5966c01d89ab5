import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RialtoEvent } from '../src/index.ts'
import { type FakeApi, no, openClient, openFakeApi, type Received } from './fake-api.ts'

let api: FakeApi
beforeEach(async () => {
  api = await openFakeApi()
})
afterEach(() => api.close())

const queries = () => api.calls().map(({ path }) => Object.fromEntries(new URL(path, api.url).searchParams))
const page = (data: unknown[], nextCursor: string | null) => ({
  json: { data, hasMore: nextCursor !== null, nextCursor },
})

describe('a list', () => {
  it('is read to its end, a page at a time, with the same filters', async () => {
    const { rialto } = openClient(api.url)
    api.answers(page([{ paymentId: 'p1' }, { paymentId: 'p2' }], 'p2'), page([{ paymentId: 'p3' }], null))
    const ids: string[] = []
    for await (const { paymentId } of rialto.payments.list({ customerId: 'c', limit: 2 })) ids.push(paymentId)
    expect(ids).toEqual(['p1', 'p2', 'p3'])
    expect(queries()).toEqual([
      { customerId: 'c', limit: '2' },
      { customerId: 'c', limit: '2', after: 'p2' },
    ])
  })

  it('is asked for no more than is read', async () => {
    const { rialto } = openClient(api.url)
    api.answers(page([{ id: 'c1' }], 'c1'), page([{ id: 'c2' }], 'c2'))
    for await (const customer of rialto.customers.list({ email: 'ada@example.com' })) {
      expect(customer.id).toBe('c1')
      break
    }
    expect(queries()).toEqual([{ email: 'ada@example.com' }])
  })

  it('can be read as one page, and again from its beginning', async () => {
    const { rialto } = openClient(api.url)
    const list = rialto.customers.list({ after: 'c1' })
    api.answers(page([{ id: 'c2' }], 'c2'), page([{ id: 'c2' }], null))
    expect(await list.page()).toEqual({ data: [{ id: 'c2' }], hasMore: true, nextCursor: 'c2' })
    for await (const customer of list) expect(customer.id).toBe('c2')
    expect(queries()).toEqual([{ after: 'c1' }, { after: 'c1' }])
  })

  it('does not turn in a circle', async () => {
    const { rialto } = openClient(api.url)
    api.answers(page([{ id: 'c1' }], 'c1'))
    const read = async () => {
      for await (const customer of rialto.customers.list()) expect(customer.id).toBe('c1')
    }
    await expect(read()).rejects.toThrow('The list does not go on')
    expect(api.calls()).toHaveLength(2)
  })
})

/** A platform with this many events, which answers what comes after the cursor. */
const events =
  (count: number, perPage = 2) =>
  ({ path }: Received) => {
    const asked = new URL(path, api.url).searchParams.get('after') ?? 0
    const after = asked === 'latest' ? count : Number(asked)
    const rest = Array.from({ length: count - after }, (_, index) => ({ sequence: after + index + 1 }))
    const data = rest.slice(0, perPage)
    const json = { data, hasMore: rest.length > perPage, nextCursor: `${after + data.length}` }
    return { json }
  }

describe('events', () => {
  it('are listed from a place in the sequence, and of certain types', async () => {
    const { rialto } = openClient(api.url)
    api.answers(events(5))
    const seen: number[] = []
    for await (const event of rialto.events.list({ after: 1, types: ['payment.failed', 'customer.activated'] }))
      seen.push(event.sequence)
    expect(seen).toEqual([2, 3, 4, 5])
    expect(queries()[0]).toEqual({ after: '1', types: 'payment.failed,customer.activated' })
    for await (const event of rialto.events.list({
      after: 'latest',
      categories: ['REPORT', 'ACCOUNT'],
      resourceId: 'r',
    }))
      expect(event).toBeUndefined()
    expect(queries().at(-1)).toEqual({ after: 'latest', categories: 'REPORT,ACCOUNT', resourceId: 'r' })
    expect(queries().map(({ after }) => after)).toEqual(['1', '3', 'latest'])
  })

  it('are streamed as they happen, over everything that passes, until the caller has enough', async () => {
    const { rialto, slept } = openClient(api.url, { maxRetries: 0 })
    const troubles: string[] = []
    const enough = new AbortController()
    const seen: number[] = []
    api.answers(events(2), events(2), { instead: 'cut' }, no(503, 'SERVICE_UNAVAILABLE'), events(3), {
      instead: 'silence',
    })
    const stream = rialto.events.stream({
      signal: enough.signal,
      onInterruption: ({ name }) => troubles.push(name),
    })
    for await (const event of stream) {
      seen.push(event.sequence)
      // While the next question is open.
      if (event.sequence === 3) setTimeout(() => enough.abort(), 20)
    }
    expect(seen).toEqual([1, 2, 3])
    expect(troubles).toEqual(['RialtoConnectionError', 'RialtoApiError'])
    // The empty page was answered at once, so a second passes before the next question.
    expect(slept).toEqual([1_000, 1_000, 2_000])
    expect(queries().map(({ after, waitSeconds }) => [after, waitSeconds])).toEqual([
      [undefined, '20'],
      ['2', '20'],
      ['2', '20'],
      ['2', '20'],
      ['2', '20'],
      ['3', '20'],
    ])
  })

  it('are not streamed on after what does not pass', async () => {
    const { rialto } = openClient(api.url)
    api.answers(no(403, 'INSUFFICIENT_SCOPE'))
    const first = async (): Promise<RialtoEvent | undefined> => {
      for await (const event of rialto.events.stream()) return event
      return undefined
    }
    await expect(first()).rejects.toMatchObject({ errorCode: 'INSUFFICIENT_SCOPE' })
  })
})
