import { mkdirSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DropDrive, fileDropContract } from '../file-drop.contract.ts'
import type { DropProblem } from '../file-drop.ts'
import { openSftpDrop, type SftpDropOptions } from './sftp.ts'
import { openSshd, type Sshd } from './sshd.fixture.ts'

/** A regular expression as it stands would match any message. */
const says = (kind: DropProblem['kind'], words: RegExp) => ({ kind, message: expect.stringMatching(words) })

type More = Readonly<{ maxBytes?: number; timeoutMs?: number }>

function foldersOf({ base }: Sshd) {
  const folders = { outgoing: join(base, 'outgoing'), incoming: join(base, 'incoming') }
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true })
  return folders
}

async function openSftpDrive(): Promise<DropDrive> {
  const sshd = await openSshd()
  const folders = foldersOf(sshd)
  const open = (more: More = {}) =>
    openSftpDrop({ ...sshd.address, ...folders, privateKey: sshd.privateKey, timeoutMs: 10_000, ...more })
  return {
    ...folders,
    open,
    async dieHalfWay(name, content) {
      const drop = open()
      await drop.list()
      sshd.cutAfter(content.length / 2)
      await expect(drop.put(name, content)).rejects.toMatchObject({ kind: 'unreachable' })
    },
    goAway: sshd.stop,
    comeBack: sshd.start,
    close: sshd.close,
  }
}

describe('the file drop at an SFTP server', () => {
  fileDropContract(openSftpDrive)
})

describe('what only an SFTP server has', () => {
  let sshd: Sshd
  let options: SftpDropOptions & { privateKey: string }
  beforeAll(async () => {
    sshd = await openSshd()
    options = { ...sshd.address, ...foldersOf(sshd), privateKey: sshd.privateKey, timeoutMs: 5_000 }
  })
  afterAll(() => sshd?.close())

  /** The problem that a first call runs into. */
  async function problemOf(other: Partial<SftpDropOptions>): Promise<DropProblem> {
    const drop = openSftpDrop({ ...options, ...other } as SftpDropOptions)
    const problem = await drop.list().then(
      () => undefined,
      (error: DropProblem) => error,
    )
    await drop.close()
    if (!problem) throw new Error('it worked')
    for (const secret of [sshd.privateKey.split('\n')[2] ?? '', 'a-password'])
      expect(JSON.stringify([problem, problem.message, problem.stack, problem.cause])).not.toContain(secret)
    return problem
  }

  it('is connected to once, at the first call', async () => {
    const before = sshd.connections()
    const drop = openSftpDrop(options)
    expect(sshd.connections()).toBe(before)
    await drop.put('one.ach', Buffer.from('one'))
    await drop.list()
    await Promise.all([drop.list(), drop.list()])
    expect(sshd.connections()).toBe(before + 1)
    sshd.cutNow()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await drop.list()
    expect(sshd.connections()).toBe(before + 2)
    await drop.close()
  })

  it('speaks to no server that shows another key', async () => {
    const { kind, message } = await problemOf({ hostKey: `SHA256:${'A'.repeat(43)}` })
    expect(kind).toBe('refused')
    expect(message).toContain(`shows the host key ${options.hostKey} (ssh-ed25519), not the one in the settings`)
  })

  it('says that the server lets it in with neither password nor key', async () => {
    const { privateKey: _, ...rest } = options
    const password = await problemOf({ ...rest, privateKey: undefined, password: 'a-password' } as never)
    expect(password).toMatchObject(says('refused', /does not let .* in with this password/))
    const stranger = await openSshd()
    const key = await problemOf({ privateKey: stranger.privateKey })
    expect(key).toMatchObject(says('refused', /that the bank has the public key/))
    await stranger.close()
  })

  it('says that a private key cannot be read', async () => {
    const problem = await problemOf({ privateKey: 'a-password is no key' })
    expect(problem).toMatchObject(says('refused', /give one as ssh-keygen writes it/))
  })

  it('says that nothing listens, and that there is no such name', async () => {
    expect(await problemOf({ port: 1 })).toMatchObject(says('unreachable', /ECONNREFUSED.*Check port/))
    expect(await problemOf({ host: 'no-such-host.invalid' })).toMatchObject(says('unreachable', /no-such-host/))
  })

  it('says that a folder is not there', async () => {
    const problem = await problemOf({ incoming: '/no/such/folder' })
    expect(problem).toMatchObject(
      says('refused', /did not let .* list \/no\/such\/folder: No such file\. Check the folders/),
    )
    const drop = openSftpDrop({ ...options, outgoing: '/no/such/folder' })
    await expect(drop.put('a.ach', Buffer.from('a'))).rejects.toMatchObject({ kind: 'refused' })
    await drop.close()
  })

  it('gives a server up that does not answer, and does nothing of it later', async () => {
    const drop = openSftpDrop({ ...options, timeoutMs: 500 })
    await drop.list()
    sshd.hold()
    const started = performance.now()
    await expect(drop.put('held.ach', Buffer.alloc(100_000))).rejects.toMatchObject({ kind: 'unreachable' })
    expect(performance.now() - started).toBeLessThan(5_000)
    sshd.cutNow()
    expect(await drop.put('held.ach', Buffer.alloc(100_000, 1))).toBe('put')
    expect(await readFile(join(options.outgoing, 'held.ach'))).toEqual(Buffer.alloc(100_000, 1))
    sshd.hold()
    const fresh = openSftpDrop({ ...options, timeoutMs: 500 })
    await expect(fresh.list()).rejects.toMatchObject(says('unreachable', /did not answer in time/))
    sshd.cutNow()
    await Promise.all([drop.close(), fresh.close()])
  })

  it('gets nothing half when the connection breaks', async () => {
    const drop = openSftpDrop(options)
    await writeFile(join(options.incoming, 'large.ret'), Buffer.alloc(5_000_000, 'a'))
    await drop.list()
    sshd.cutAfter(1_000)
    await expect(drop.get('large.ret')).rejects.toMatchObject(says('unreachable', /ended the connection/))
    expect(await drop.get('large.ret')).toHaveLength(5_000_000)
    await drop.close()
  })

  it('finds folders from our home there, and with a slash at the end', async () => {
    const { base } = sshd
    await mkdir(join(base, 'there', 'in'), { recursive: true })
    await writeFile(join(base, 'there', 'in', 'a.ret'), 'a')
    const fromHome = relative(userInfo().homedir, join(base, 'there', 'in'))
    const drop = openSftpDrop({ ...options, incoming: `${fromHome}/` })
    expect((await drop.list()).files).toEqual([{ name: 'a.ret', size: 1 }])
    await drop.done('a.ret')
    expect(String(await readFile(join(base, 'there', 'in', 'done', 'a.ret')))).toBe('a')
    await drop.close()
    await rm(join(base, 'there'), { recursive: true })
  })

  it('says what the server does not let it do', async () => {
    const readOnly = await openSshd(['ForceCommand internal-sftp -R'])
    const folders = foldersOf(readOnly)
    const drop = openSftpDrop({ ...readOnly.address, ...folders, privateKey: readOnly.privateKey, timeoutMs: 5_000 })
    const sentence = new RegExp(`did not let .* write ${folders.outgoing}/\\.a\\.ach\\.part: Permission denied\\. Ask`)
    await expect(drop.put('a.ach', Buffer.from('a'))).rejects.toMatchObject(says('refused', sentence))
    await drop.close()
    await readOnly.close()
  })
})
