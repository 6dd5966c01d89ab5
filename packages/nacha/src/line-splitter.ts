import { recordWidth } from './layout.ts'

/** Longer lines come in pieces, so that no file can make a reader hold more than this of one line. */
export const longestLine = 4_096

/** How much is looked at in one go: a little more than a disk gives, and small beside a large file. */
const pieceLength = 65_536

/**
 * What the splitter tells: a line without its end, or the continuation of a line that is longer than the cap. `bare` is
 * said before the first record of a line that holds several records one after the other without line ends.
 */
export type LineListener = {
  line(raw: string): void
  rest(raw: string): void
  bare(): void
}

export type LineSplitter = Readonly<{
  push: (chunk: Uint8Array | string) => void
  end: () => void
  /** How the lines ended so far. */
  ends: Readonly<{ lf: number; crlf: number; cr: number }>
}>

/** Which record may follow which: how records that stand one after the other without line ends are known. */
const followers: Readonly<Record<string, string>> = { 1: '59', 5: '678', 6: '678', 7: '678', 8: '59', 9: '9' }

/** Whether 94 columns after this record another one begins. */
const anotherFollows = (text: string, at: number): boolean =>
  (followers[text[at] ?? ''] ?? '').includes(text[at + recordWidth] ?? '?')

type Mode = 'lines' | 'records' | 'rest'

/**
 * Splits what comes in chunks of any size into lines. Bytes become characters one to one (latin1), so that a raw line
 * can be turned into its bytes again. LF, CRLF and CR end a line; records without line ends are told apart by their
 * width.
 */
export function splitLines(listener: LineListener): LineSplitter {
  const ends = { lf: 0, crlf: 0, cr: 0 }
  let pending = ''
  let mode: Mode = 'lines'

  const tell = (raw: string): void => (mode === 'records' ? listener.line(raw) : listener.rest(raw))

  /** Takes what it can from the line between `at` and `to`, and answers where the part begins that has to wait. */
  function take(text: string, at: number, to: number, isWhole: boolean): number {
    let from = at
    if (mode === 'lines') {
      if (to - from >= 2 * recordWidth && anotherFollows(text, from)) {
        mode = 'records'
        listener.bare()
      } else if (to - from > longestLine) {
        listener.line(text.slice(from, from + longestLine))
        from += longestLine
        mode = 'rest'
      } else {
        if (!isWhole) return from
        listener.line(text.slice(from, to))
        return to
      }
    }
    const width = mode === 'records' ? recordWidth : longestLine
    for (; to - from >= width; from += width) tell(text.slice(from, from + width))
    if (!isWhole) return from
    if (to > from) tell(text.slice(from, to))
    mode = 'lines'
    return to
  }

  function scan(text: string, isLast: boolean): void {
    let at = 0
    let lf = text.indexOf('\n')
    let cr = text.indexOf('\r')
    while (at < text.length) {
      if (lf !== -1 && lf < at) lf = text.indexOf('\n', at)
      if (cr !== -1 && cr < at) cr = text.indexOf('\r', at)
      const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
      // A CR at the very end may be the first half of a CRLF.
      const isOpen = end === -1 || (end === cr && end + 1 === text.length && !isLast)
      const to = isOpen && end === -1 ? text.length : end
      at = take(text, at, to, !isOpen || (isLast && at < to))
      if (isOpen) break
      if (end === lf) ends.lf++
      else if (lf === cr + 1) ends.crlf++
      else ends.cr++
      at = end + (end === cr && lf === cr + 1 ? 2 : 1)
    }
    pending = text.slice(at)
  }

  const push = (piece: string): void => {
    // Flat, so that the slices taken from it do not hold on to what came before.
    if (piece !== '') scan(pending === '' ? piece : pending + piece, false)
  }

  return {
    ends,
    push(chunk) {
      if (typeof chunk === 'string')
        for (let at = 0; at < chunk.length; at += pieceLength) push(chunk.slice(at, at + pieceLength))
      else
        for (let at = 0; at < chunk.length; at += pieceLength)
          push(latin1(chunk, at, Math.min(at + pieceLength, chunk.length)))
    },
    end() {
      scan(pending, true)
      pending = ''
    },
  }
}

const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
