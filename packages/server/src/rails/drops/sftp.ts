import { DropProblem, defaultMaxBytes, type FileDrop, type Listing } from '../file-drop.ts'
import { sortOut } from './listing.ts'
import { checkName, checkSize, doneFolder, namesWhenDone, temporaryName } from './names.ts'
import { type SftpCalls, StatusProblem } from './sftp-calls.ts'
import { openLine, type SftpSecret } from './sftp-line.ts'
import { openTurns } from './turns.ts'

const usualTimeoutMs = 30_000
/** A server that is slower than this with a file's content is given up. */
const leastBytesPerMs = 50

/** A server of the bank's. The folders are there already; paths are the server's, from its root or from our home. */
export type SftpDropOptions = Readonly<{
  host: string
  port?: number
  username: string
  /** The server's fingerprint, 'SHA256:…'. */
  hostKey: string
  outgoing: string
  incoming: string
  maxBytes?: number
  /** For connecting, and for a call without content. Content gets more time, by its size. */
  timeoutMs?: number
}> &
  SftpSecret

/**
 * A file drop at an SFTP server. Connects at the first call, keeps the connection, and connects anew after it failed.
 * A call that ran out of time ends the connection, so that nothing of it happens later.
 */
export function openSftpDrop(options: SftpDropOptions): FileDrop {
  const { outgoing, incoming, maxBytes = defaultMaxBytes, timeoutMs = usualTimeoutMs } = options
  const line = openLine({ ...options, port: options.port ?? 22, timeoutMs })
  const turns = openTurns()
  const timeFor = (bytes: number) => timeoutMs + bytes / leastBytesPerMs
  return {
    name: 'sftp',
    put: (name, content) =>
      turns.take(async () => {
        checkName(name)
        checkSize(name, content.length, maxBytes)
        return line.use(timeFor(content.length), (calls) => put(calls, outgoing, name, content))
      }),
    list: () => turns.take(() => line.use(timeoutMs, (calls) => list(calls, incoming))),
    get: (name) =>
      turns.take(async () => {
        checkName(name)
        const path = join(incoming, name)
        const { size } = await line.use(timeoutMs, (calls) => look(calls, path, maxBytes))
        return line.use(timeFor(size), (calls) => get(calls, path, maxBytes))
      }),
    done: (name) =>
      turns.take(async () => {
        checkName(name)
        return line.use(timeoutMs, (calls) => moveAway(calls, incoming, name))
      }),
    close: () => turns.end(async () => line.hangUp()),
  }
}

const join = (folder: string, name: string): string => (folder.endsWith('/') ? folder + name : `${folder}/${name}`)

async function put(calls: SftpCalls, outgoing: string, name: string, bytes: Uint8Array) {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const target = join(outgoing, name)
  if (await isThere(calls, target, content)) return 'already_there'
  const temporary = join(outgoing, temporaryName(name))
  await calls.remove(temporary).catch(unlessStatus)
  await calls.write(temporary, content)
  try {
    await calls.rename(temporary, target)
  } catch (error) {
    // The protocol's renaming never overwrites. So it may be that somebody was quicker.
    if (error instanceof StatusProblem && (await isThere(calls, target, content))) return 'already_there'
    throw error
  }
  return 'put'
}

/** Refuses with `differs` what is there with another content. */
async function isThere(calls: SftpCalls, target: string, content: Buffer): Promise<boolean> {
  const there = await calls.find(target)
  if (!there) return false
  const same = there.kind === 'file' && there.size === content.length
  if (same && (await calls.read(target, content.length)).equals(content)) return true
  throw new DropProblem('differs', `${target} is already at the server with another content; it was left as it is.`)
}

async function list(calls: SftpCalls, incoming: string): Promise<Listing> {
  const { files, strange } = await sortOut(calls.entries(incoming))
  return { files: files.map(({ name, size }) => ({ name, size })), strange }
}

async function look(calls: SftpCalls, path: string, maxBytes: number) {
  const file = await calls.find(path)
  if (!file) throw new DropProblem('not_found', `There is no ${path} at the server.`)
  if (file.kind !== 'file') throw new DropProblem('refused', `${path} at the server is not a file.`)
  checkSize(path, file.size, maxBytes)
  return file
}

async function get(calls: SftpCalls, path: string, maxBytes: number): Promise<Uint8Array> {
  const before = await look(calls, path, maxBytes)
  const content = await calls.read(path, before.size)
  const after = await look(calls, path, maxBytes)
  if (after.size !== before.size || after.modifiedAtSeconds !== before.modifiedAtSeconds)
    throw new DropProblem('differs', `${path} changed while it was read; is it still being written?`)
  return content
}

async function moveAway(calls: SftpCalls, incoming: string, name: string): Promise<void> {
  const source = join(incoming, name)
  const file = await calls.find(source)
  if (!file) return
  if (file.kind !== 'file') throw new DropProblem('refused', `${source} at the server is not a file.`)
  const folder = join(incoming, doneFolder)
  if (!(await calls.find(folder))) await calls.makeFolder(folder).catch(unlessStatus)
  for (const candidate of namesWhenDone(name, file.modifiedAtSeconds)) {
    const target = join(folder, candidate)
    if (await calls.find(target)) continue
    try {
      return await calls.rename(source, target)
    } catch (error) {
      // Somebody else was quicker, and that is just as well.
      if (error instanceof StatusProblem && !(await calls.find(source))) return
      throw error
    }
  }
  throw new DropProblem('refused', `${folder} holds too many files named ${name}; move some of them elsewhere.`)
}

/** What the server does not do here shows in the call that comes next. */
const unlessStatus = (error: unknown): undefined => {
  if (!(error instanceof StatusProblem)) throw error
}
