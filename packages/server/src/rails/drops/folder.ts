import { constants, mkdirSync, type Stats } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, opendir, rename, unlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { StartProblem } from '../../kernel/start-problem.ts'
import { DropProblem, defaultMaxBytes, type FileDrop, type Listing } from '../file-drop.ts'
import { type Entry, sortOut } from './listing.ts'
import { checkName, checkSize, doneFolder, namesWhenDone, shown, temporaryName } from './names.ts'
import { openTurns } from './turns.ts'

/** Files hold account numbers: others on the machine may not read them, a group may. */
const fileMode = 0o640
const folderMode = 0o750

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants

/** Two folders on this machine, or on a disk that it mounts. Other programs carry the files from there and to it. */
export type FolderDropOptions = Readonly<{ outgoing: string; incoming: string; maxBytes?: number }>

/**
 * A file drop in two folders, which are made if they are missing. Throws a StartProblem if they cannot be. A file is on
 * the disk, and so is its name, before `put` answers. Symbolic links in the folders are never followed.
 */
export function openFolderDrop(options: FolderDropOptions): FileDrop {
  const { maxBytes = defaultMaxBytes } = options
  const outgoing = resolve(options.outgoing)
  const incoming = resolve(options.incoming)
  if (outgoing === incoming) throw new StartProblem(`The file drop needs two folders, and both are ${outgoing}.`)
  for (const folder of [outgoing, incoming]) makeFolder(folder)
  const turns = openTurns()
  return {
    name: 'folder',
    put: (name, content) =>
      turns.take(async () => {
        checkName(name)
        checkSize(name, content.length, maxBytes)
        return translated(outgoing, () => put(outgoing, name, content))
      }),
    list: () => turns.take(() => translated(incoming, () => list(incoming))),
    get: (name) =>
      turns.take(async () => {
        checkName(name)
        return translated(incoming, () => get(incoming, name, maxBytes))
      }),
    done: (name) =>
      turns.take(async () => {
        checkName(name)
        return translated(incoming, () => moveAway(incoming, name))
      }),
    close: () => turns.end(async () => undefined),
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: folderMode })
  } catch (error) {
    throw new StartProblem(`The file drop's folder ${folder} is missing and cannot be made (${codeOf(error)}).`)
  }
}

async function put(outgoing: string, name: string, content: Uint8Array): Promise<'put' | 'already_there'> {
  const target = join(outgoing, name)
  const there = await find(target)
  if (there) {
    if (!(await holds(target, there, content)))
      throw new DropProblem('differs', `${target} is already there with another content; it was left as it is.`)
    // The machine may have stopped between the renaming and the moment when it is sure to last.
    await syncFolder(outgoing)
    return 'already_there'
  }
  const temporary = join(outgoing, temporaryName(name))
  await unlink(temporary).catch(unlessMissing)
  const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, fileMode)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, target)
  await syncFolder(outgoing)
  return 'put'
}

async function holds(path: string, stats: Stats, content: Uint8Array): Promise<boolean> {
  if (!stats.isFile() || stats.size !== content.length) return false
  return (await readWhole(path, content.length)).equals(content)
}

async function list(incoming: string): Promise<Listing> {
  const { files, strange } = await sortOut(entriesOf(incoming))
  const sized = await Promise.all(files.map(async ({ name }) => ({ name, stats: await find(join(incoming, name)) })))
  return { files: sized.flatMap(({ name, stats }) => (stats?.isFile() ? [{ name, size: stats.size }] : [])), strange }
}

async function* entriesOf(folder: string): AsyncGenerator<Entry> {
  for await (const entry of await opendir(folder))
    yield { name: entry.name, kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other' }
}

async function get(incoming: string, name: string, maxBytes: number): Promise<Uint8Array> {
  const path = join(incoming, name)
  const content = await readWhole(path, maxBytes).catch(unlessMissing)
  if (!content) throw new DropProblem('not_found', `There is no ${path}.`)
  return content
}

/** O_NONBLOCK: opening a pipe would wait for someone to write into it. */
async function readWhole(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const before = await file.stat()
    if (!before.isFile()) throw new DropProblem('refused', `${path} is not a file.`)
    checkSize(path, before.size, maxBytes)
    const content = await readBytes(file, before.size)
    const after = await file.stat()
    if (content.length < before.size || after.size !== before.size || after.mtimeMs !== before.mtimeMs)
      throw new DropProblem('differs', `${path} changed while it was read; is it still being written?`)
    return content
  } finally {
    await file.close()
  }
}

async function readBytes(file: FileHandle, size: number): Promise<Buffer> {
  const content = Buffer.alloc(size)
  let filled = 0
  while (filled < size) {
    const { bytesRead } = await file.read(content, filled, size - filled, filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return content.subarray(0, filled)
}

async function moveAway(incoming: string, name: string): Promise<void> {
  const source = join(incoming, name)
  const stats = await find(source)
  if (!stats) return
  if (!stats.isFile()) throw new DropProblem('refused', `${source} is not a file.`)
  const folder = join(incoming, doneFolder)
  await mkdir(folder, { mode: folderMode }).catch(unless('EEXIST'))
  if (!(await find(folder))?.isDirectory()) throw new DropProblem('refused', `${folder} is in the way: not a folder.`)
  for (const candidate of namesWhenDone(name, stats.mtimeMs / 1000)) {
    const target = join(folder, candidate)
    if (await find(target)) continue
    return rename(source, target).catch(unlessMissing)
  }
  throw new DropProblem('refused', `${folder} holds too many files named ${name}; move some of them elsewhere.`)
}

const find = (path: string): Promise<Stats | undefined> => lstat(path).catch(unlessMissing)

/** A renaming lasts only when the folder itself is written. Some mounted disks cannot be asked to. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, O_RDONLY)
  try {
    await handle.sync().catch(unless('EINVAL', 'ENOTSUP'))
  } finally {
    await handle.close()
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'

const unless =
  (...codes: readonly string[]) =>
  (error: unknown): undefined => {
    if (!codes.includes(codeOf(error))) throw error
  }
const unlessMissing = unless('ENOENT')

/** What the system's errors mean here. What has no code is a fault of ours and is thrown as it is. */
async function translated<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = codeOf(error)
    if (error instanceof DropProblem || code === 'unknown') throw error
    const path = error instanceof Error && 'path' in error ? shown(String(error.path)) : folder
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new DropProblem('unreachable', `The file drop's folder ${folder} is gone; is its disk mounted?`)
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
      throw new DropProblem('refused', `Rialto may not use ${path} (${code}); give its user the right to.`)
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new DropProblem('refused', `There is no room left in ${folder} (${code}); make some.`)
    if (code === 'ELOOP') throw new DropProblem('refused', `${path} is a symbolic link, which is never followed.`)
    throw new DropProblem('unreachable', `The disk below ${folder} failed (${code} at ${path}); look at the disk.`)
  }
}
