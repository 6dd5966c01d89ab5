import type SftpClient from 'ssh2-sftp-client'
import { DropProblem } from '../file-drop.ts'
import type { Entry } from './listing.ts'
import { shown } from './names.ts'

/** The protocol's own calls. The package's higher ones take any failure for a missing file and read without a cap. */
export type SftpChannel = Awaited<ReturnType<SftpClient['connect']>>

/** What the server answered when it did not do what was asked: its status, as numbered by the protocol. */
export class StatusProblem extends Error {
  readonly status: number
  constructor(status: number, what: string, words: string) {
    super(`${what}: ${shown(words)}`)
    this.status = status
  }
}

export type RemoteFile = Readonly<{ kind: Entry['kind']; size: number; modifiedAtSeconds: number }>

/** The calls we make at a server, as promises. None but `read` follows a path that is a symbolic link. */
export type SftpCalls = Readonly<{
  find(path: string): Promise<RemoteFile | undefined>
  entries(folder: string): AsyncGenerator<Entry & Readonly<{ size: number }>>
  /** As many bytes as the file was seen to have; refuses with `differs` where there are fewer. */
  read(path: string, size: number): Promise<Buffer>
  /** Into a file that must not be there yet; on the server's disk, as far as it can tell, before it answers. */
  write(path: string, content: Buffer): Promise<void>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  makeFolder(path: string): Promise<void>
}>

const endOfFile = 1
const noSuchFile = 2
const notSupported = 8

/** What every server takes in one message. */
const pieceBytes = 31 * 1024
/** One piece at a time would cost a journey to the server each. */
const piecesAtOnce = 16

export function openCalls(channel: SftpChannel): SftpCalls {
  return {
    find: (path) =>
      ask(`look at ${path}`, (answer: Answer<Attributes>) => channel.lstat(path, answer)).then(
        (attributes) => ({
          kind: kindOf(attributes.mode) ?? 'file',
          size: attributes.size ?? 0,
          modifiedAtSeconds: attributes.mtime ?? 0,
        }),
        unless(noSuchFile),
      ),
    entries: (folder) => entriesOf(channel, folder),
    read: (path, size) => readWhole(channel, path, size),
    write: (path, content) => writeWhole(channel, path, content),
    rename: (from, to) => ask(`rename ${from} to ${to}`, (answer: Answer<void>) => channel.rename(from, to, answer)),
    remove: (path) => ask(`remove ${path}`, (answer: Answer<void>) => channel.unlink(path, answer)),
    makeFolder: (path) => ask(`make the folder ${path}`, (answer: Answer<void>) => channel.mkdir(path, answer)),
  }
}

type Answer<T> = (error: Error | null | undefined, value: T) => void
type Attributes = Readonly<{ mode?: number; size?: number; mtime?: number }>

function ask<T>(what: string, start: (answer: Answer<T>) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    start((error, value) => {
      if (!error) return resolve(value)
      const status = 'code' in error && typeof error.code === 'number' ? error.code : undefined
      reject(status === undefined ? error : new StatusProblem(status, what, error.message))
    }),
  )
}

const unless =
  (...statuses: readonly number[]) =>
  (error: unknown): undefined => {
    if (!(error instanceof StatusProblem) || !statuses.includes(error.status)) throw error
  }

async function* entriesOf(channel: SftpChannel, folder: string): AsyncGenerator<Entry & Readonly<{ size: number }>> {
  const what = `list ${folder}`
  const handle = await ask(what, (answer: Answer<Buffer>) => channel.opendir(folder, answer))
  try {
    for (;;) {
      type Page = readonly Readonly<{ filename: string; longname: string; attrs: Attributes }>[]
      const page = await ask(what, (answer: Answer<Page>) => channel.readdir(handle, answer)).catch(unless(endOfFile))
      if (!page) return
      for (const { filename, longname, attrs } of page)
        yield { name: filename, kind: kindOf(attrs.mode) ?? kindInWords(longname), size: attrs.size ?? 0 }
    }
  } finally {
    await closeQuietly(channel, handle)
  }
}

const typeBits = 0o170000

/** Undefined where the server tells permissions only. */
function kindOf(mode: number | undefined): Entry['kind'] | undefined {
  const type = (mode ?? 0) & typeBits
  if (type === 0) return undefined
  return type === 0o100000 ? 'file' : type === 0o040000 ? 'directory' : 'other'
}

/** From a line as `ls -l` writes it. */
const kindInWords = (line: string): Entry['kind'] =>
  line.startsWith('-') ? 'file' : line.startsWith('d') ? 'directory' : 'other'

async function readWhole(channel: SftpChannel, path: string, size: number): Promise<Buffer> {
  const what = `read ${path}`
  const handle = await ask(what, (answer: Answer<Buffer>) => channel.open(path, 'r', answer))
  try {
    const content = Buffer.alloc(size)
    await inPieces(size, async (from, to) => {
      for (let at = from; at < to; ) {
        const read = (answer: Answer<number>) => channel.read(handle, content, at, to - at, at, answer)
        const bytes = (await ask(what, read).catch(unless(endOfFile))) ?? 0
        if (bytes === 0)
          throw new DropProblem('differs', `${path} became shorter while it was read; it is still written.`)
        at += bytes
      }
    })
    return content
  } finally {
    await closeQuietly(channel, handle)
  }
}

async function writeWhole(channel: SftpChannel, path: string, content: Buffer): Promise<void> {
  const what = `write ${path}`
  const handle = await ask(what, (answer: Answer<Buffer>) => channel.open(path, 'wx', answer))
  try {
    await inPieces(content.length, (from, to) =>
      ask(what, (answer: Answer<void>) => channel.write(handle, content, from, to - from, from, answer)),
    )
    await flush(channel, handle, what)
  } catch (error) {
    await closeQuietly(channel, handle)
    throw error
  }
  // Some servers find out only now that there was no room.
  await ask(what, (answer: Answer<void>) => channel.close(handle, answer))
}

/** OpenSSH has a call for it. Other servers have none, and then there is no way to ask. */
async function flush(channel: SftpChannel, handle: Buffer, what: string): Promise<void> {
  try {
    await ask(what, (answer: Answer<unknown>) => channel.ext_openssh_fsync(handle, answer))
  } catch (error) {
    if (error instanceof StatusProblem && error.status !== notSupported) throw error
  }
}

const closeQuietly = (channel: SftpChannel, handle: Buffer): Promise<void> =>
  ask('close', (answer: Answer<void>) => channel.close(handle, answer)).catch(() => undefined)

/** Does the work for each piece, several at a time, and starts no more of them once one has failed. */
async function inPieces(size: number, work: (from: number, to: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < size) {
      const from = next
      next += pieceBytes
      try {
        await work(from, Math.min(from + pieceBytes, size))
      } catch (error) {
        next = size
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: piecesAtOnce }, worker))
}
