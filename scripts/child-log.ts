import { createWriteStream, existsSync, mkdirSync, renameSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

const quietMs = 10_000
const warning = 40
const keptLines = 8

export type ChildLog = Readonly<{
  path: string
  /** The last lines on its error stream that were no log records: what a program says when it cannot start. */
  lastWords(): string[]
}>

/**
 * Keeps everything a program says in `folder/name.log` (the run before's in `name.previous.log`) and hands its
 * warnings and errors, one line each, to `say`; the same again within ten seconds only goes to the file.
 */
export function keepLog(
  name: string,
  folder: string,
  streams: Readonly<{ stdout: Readable; stderr: Readable }>,
  say: (line: string) => void,
): ChildLog {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${name}.log`)
  if (existsSync(path)) renameSync(path, join(folder, `${name}.previous.log`))
  const file = createWriteStream(path, { mode: 0o600 })
  file.on('error', (error) => say(`${name}: its log cannot be written (${error.message})`))
  const saidAt = new Map<string, number>()
  const words: string[] = []
  const sayOnce = (line: string) => {
    const before = saidAt.get(line)
    if (before !== undefined && Date.now() - before < quietMs) return
    saidAt.set(line, Date.now())
    say(`${name}: ${line}`)
  }
  const take = (line: string) => {
    const noteworthy = summary(line)
    if (noteworthy) sayOnce(noteworthy)
  }
  eachLine(streams.stdout, file, take)
  eachLine(streams.stderr, file, (line) => {
    if (isRecord(line)) return take(line)
    words.push(line)
    words.splice(0, words.length - keptLines)
  })
  return { path, lastWords: () => [...words] }
}

function eachLine(stream: Readable, file: WriteStream, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    file.write(chunk)
    const lines = `${rest}${chunk}`.split('\n')
    rest = (lines.pop() ?? '').slice(-100_000)
    for (const line of lines) if (line.trim() !== '') take(line)
  })
}

const isRecord = (line: string): boolean => line.startsWith('{')

/** One line for a log record that is a warning or worse. What is no log record is only for the file. */
function summary(line: string): string | undefined {
  if (!isRecord(line)) return undefined
  try {
    const record = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } }
    if (typeof record.level !== 'number' || record.level < warning) return undefined
    const kind = record.level > warning ? 'error' : 'warning'
    const parts = [record.msg, record.err?.message].filter((part, index, all) => part && all.indexOf(part) === index)
    return `${kind}: ${parts.join(': ').split('\n')[0] || 'no message'}`
  } catch {
    return undefined
  }
}
