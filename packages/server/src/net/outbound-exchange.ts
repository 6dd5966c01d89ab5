import type { Socket } from 'node:net'
import { Client, type Dispatcher, errors } from 'undici'
import { type Failure, failed } from './outbound-connect.ts'

export type Post = Readonly<{ headers: Readonly<Record<string, string>>; body: string | Buffer }>

/** A merchant's server answered, whatever it said. A redirect is an answer. */
export type Answered = Readonly<{
  kind: 'answered'
  status: number
  retryAfter: string | null
  /** The beginning of the body, as UTF-8 with a replacement for what is not text. */
  body: string
  /** Whether there was more of the body, or it broke off, or time ended before it did. */
  bodyWasCut: boolean
}>

/** A body that is a little longer than what is kept is read to its end, so that the connection can be used again. */
const mostReadBytes = 64 * 1024
const mostHeaderBytes = 16 * 1024
const longestRetryAfter = 100

/**
 * Kept between calls for less than the five seconds after which common servers hang up, so that a call seldom meets a
 * closing door; as long as the server offers (`keep-alive: timeout`), but at most thirty seconds.
 */
const keepAlive = { keepAliveTimeout: 4_000, keepAliveMaxTimeout: 30_000 }

/** What `exchange` refuses to do: open a second connection, unjudged, when the first is gone. */
class Gone extends Error {}

/** HTTP/1.1 over a socket that is open. It speaks over this socket only: when it is closed, the client is of no use. */
export function speakOver(socket: Socket, origin: string): Client {
  let isTaken = false
  return new Client(origin, {
    ...keepAlive,
    connect(_options, done) {
      const wasTaken = isTaken
      isTaken = true
      // Not at once: the client that asks is not ready for an answer in the same breath.
      queueMicrotask(() => (wasTaken ? done(new Gone('the connection is closed'), null) : done(null, socket)))
    },
    pipelining: 1,
    maxHeaderSize: mostHeaderBytes,
    // The caller's signal is the only clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}

/** `isDone`: the answer was read to its end, and the connection may take another call if it is still open. */
export type Exchanged = Readonly<{ outcome: Answered | Failure | 'unsent'; isDone: boolean }>

/**
 * One request, at most once, and its answer. 'unsent': the connection was closed before anything of it was written.
 * `signal` ends the wait; unless `isDone`, the caller hangs up.
 */
export function exchange(
  client: Client,
  path: string,
  post: Post,
  mostBodyBytes: number,
  signal: AbortSignal,
): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    let isStarted = false
    let head: Pick<Answered, 'status' | 'retryAfter'> | undefined
    const chunks: Buffer[] = []
    let readBytes = 0

    const end = (outcome: Exchanged['outcome'], isDone = false) => {
      signal.removeEventListener('abort', tooLate)
      resolve({ outcome, isDone })
    }
    const answered = (isWhole: boolean) => {
      const bodyWasCut = !isWhole || readBytes > mostBodyBytes
      const body = toText(Buffer.concat(chunks).subarray(0, mostBodyBytes), bodyWasCut)
      end({ kind: 'answered', ...head!, body, bodyWasCut }, isWhole)
    }
    const tooLate = () => {
      if (head) answered(false)
      else end(failed('timed_out', isStarted ? 'No complete answer came in time.' : 'The call was not sent in time.'))
    }
    signal.addEventListener('abort', tooLate)
    if (signal.aborted) return tooLate()

    client.dispatch({ path, method: 'POST', headers: { ...post.headers }, body: post.body }, {
      onRequestStart() {
        isStarted = true
      },
      onResponseStart(_controller, status, headers) {
        // Below 200 it only says that an answer will come.
        if (status >= 200)
          head = { status, retryAfter: first(headers['retry-after'])?.slice(0, longestRetryAfter) ?? null }
      },
      onResponseData(_controller, chunk) {
        if (readBytes < mostBodyBytes) chunks.push(chunk)
        readBytes += chunk.length
        if (readBytes > mostReadBytes) answered(false)
      },
      onResponseEnd: () => answered(true),
      onResponseError(_controller, error) {
        const { code } = error as { code?: string }
        if (head) answered(false)
        // A header that cannot be sent is a mistake of ours.
        else if (code === 'UND_ERR_INVALID_ARG') reject(error)
        else end(isStarted ? whyBroken(error, code) : 'unsent')
      },
    } satisfies Dispatcher.DispatchHandler)
  })
}

/** What the parser found, by its own words where they say more than that the connection is closed. */
function whyBroken(error: Error, code: string | undefined): Failure {
  if (error instanceof errors.HeadersOverflowError) return failed('not_http', 'The headers of the answer are too long.')
  const isNonsense = error instanceof errors.HTTPParserError || code === 'ERR_ASSERTION'
  return isNonsense || /^bad (response|upgrade)$/.test(error.message)
    ? failed('not_http', 'What came back is not an answer in HTTP.')
    : failed('reset', 'The connection was closed before an answer came.')
}

const first = (header: string | string[] | undefined): string | undefined => [header ?? []].flat()[0]

/** PostgreSQL has no text with a NUL in it, so NUL is replaced too. A letter that the cut went through is left out. */
const toText = (bytes: Uint8Array, wasCut: boolean): string =>
  bytes.length === 0 ? '' : new TextDecoder().decode(bytes, { stream: wasCut }).replaceAll('\0', '\ufffd')
