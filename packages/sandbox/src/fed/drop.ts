import { Buffer } from 'node:buffer'
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The two folders between the platform and its bank: what the one puts, the other takes. */
export type Drop = Readonly<{ outgoing: string; incoming: string }>

/** The files hold account numbers: others on the machine may not read them, a group may. */
const FILE_MODE = 0o640
const FOLDER_MODE = 0o750

export async function openDrop(folder: string): Promise<Drop> {
  const drop = { outgoing: join(folder, 'outgoing'), incoming: join(folder, 'incoming') }
  await mkdir(drop.outgoing, { recursive: true, mode: FOLDER_MODE })
  await mkdir(drop.incoming, { recursive: true, mode: FOLDER_MODE })
  return drop
}

/** A file moved out of the way under a name of its own, so that after a crash nobody wonders whether it is new. */
export type Claimed = Readonly<{ claim: string; name: string }>

const readable = /^[A-Za-z0-9][\w.-]{0,179}\.ach$/
const CLAIMED = '.taking-'
const claimed = /^\.taking-[0-9a-f-]{36}-/

/** What a file is called whose own name cannot be written down. */
export const UNREADABLE = 'unreadable.ach'

/** The files that lie there to be taken, by name. Hidden files, parts and folders are nobody's business. */
async function listWaiting(drop: Drop): Promise<{ path: Buffer; name: string }[]> {
  const entries = await readdir(drop.outgoing, { withFileTypes: true, encoding: 'buffer' })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => ({ bytes: entry.name, text: entry.name.toString('latin1') }))
    .filter(({ text }) => text.endsWith('.ach') && !text.startsWith('.'))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ bytes, text }) => ({
      path: Buffer.concat([Buffer.from(`${drop.outgoing}/`), bytes]),
      name: readable.test(text) ? text : UNREADABLE,
    }))
}

export const countWaiting = async (drop: Drop): Promise<number> => (await listWaiting(drop)).length

/** Claims everything that waits. A file that another was quicker to take is left to them. */
export async function claimAll(drop: Drop, newId: () => string): Promise<void> {
  for (const { path, name } of await listWaiting(drop))
    await rename(path, join(drop.outgoing, `${CLAIMED}${newId()}-${name}`)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
}

/** Everything that was claimed and is still here, those of an earlier life of this program too. By the file's name. */
export async function listClaimed(drop: Drop): Promise<Claimed[]> {
  const names = (await readdir(drop.outgoing)).filter((name) => claimed.test(name))
  return names
    .map((claim) => ({ claim, name: claim.replace(claimed, '') }))
    .sort((a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1))
}

export const removeClaimed = (drop: Drop, claim: string): Promise<void> =>
  rm(join(drop.outgoing, claim), { force: true })

export const sizeOfClaimed = async (drop: Drop, claim: string): Promise<number> =>
  (await stat(join(drop.outgoing, claim))).size

const PART_BYTES = 1024 * 1024

/** The bytes of a claimed file in parts of a megabyte, and no more of them than asked for. */
export async function* readClaimed(drop: Drop, claim: string, atMost: number): AsyncGenerator<Buffer> {
  const file = await open(join(drop.outgoing, claim))
  try {
    for (let position = 0; position < atMost; ) {
      const buffer = Buffer.alloc(Math.min(PART_BYTES, atMost - position))
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
      if (bytesRead === 0) return
      position += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** Leaves a whole file for the platform, never half of one. Leaving it again changes nothing. */
export async function leave(drop: Drop, name: string, body: Uint8Array): Promise<void> {
  const part = join(drop.incoming, `.${name}.part`)
  await writeFile(part, body, { mode: FILE_MODE })
  await rename(part, join(drop.incoming, name))
}
