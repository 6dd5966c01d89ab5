import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { chmod, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DropDrive, fileDropContract } from '../file-drop.contract.ts'
import { openFolderDrop } from './folder.ts'

const asUpload = (outgoing: string, incoming: string, name: string) => `
  import { openFolderDrop } from ${JSON.stringify(join(import.meta.dirname, 'folder.ts'))}
  import { readFileSync } from 'node:fs'
  const drop = openFolderDrop(${JSON.stringify({ outgoing, incoming })})
  await drop.put(${JSON.stringify(name)}, readFileSync(0))
`

async function openFolderDrive(): Promise<DropDrive> {
  const base = mkdtempSync(join(tmpdir(), 'rialto-drop-'))
  const outgoing = join(base, 'outgoing')
  const incoming = join(base, 'incoming')
  return {
    outgoing,
    incoming,
    open: (options) => openFolderDrop({ outgoing, incoming, ...options }),
    /** The system stops a process that writes more than it may: here, 50 kB. */
    async dieHalfWay(name, content) {
      const script = asUpload(outgoing, incoming, name)
      const args = ['-c', 'ulimit -f 100; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', script]
      const { status } = spawnSync('/bin/sh', args, { input: content, encoding: 'utf8' })
      expect(status).not.toBe(0)
    },
    goAway: async () => {
      await rename(outgoing, `${outgoing}-away`)
      await rename(incoming, `${incoming}-away`)
    },
    comeBack: async () => {
      await rename(`${outgoing}-away`, outgoing)
      await rename(`${incoming}-away`, incoming)
    },
    close: async () => rmSync(base, { recursive: true, force: true }),
  }
}

describe('the file drop in folders', () => {
  fileDropContract(openFolderDrive)
})

describe('what only folders have', () => {
  let base: string
  beforeAll(() => {
    base = mkdtempSync(join(tmpdir(), 'rialto-folder-'))
  })
  afterAll(() => rmSync(base, { recursive: true, force: true }))
  const folders = (name: string) => ({ outgoing: join(base, name, 'out'), incoming: join(base, name, 'in') })

  it('makes its folders, and writes files that not everybody can read', async () => {
    const { outgoing, incoming } = folders('made/far/down')
    const drop = openFolderDrop({ outgoing, incoming })
    await drop.put('one.ach', Buffer.from('one'))
    expect(await readdir(incoming)).toEqual([])
    expect(statSync(outgoing).mode & 0o007).toBe(0)
    expect(statSync(join(outgoing, 'one.ach')).mode & 0o137).toBe(0)
  })

  it('does not open where it cannot make its folders, or where both are one', async () => {
    await writeFile(join(base, 'a-file'), '')
    const under = join(base, 'a-file', 'out')
    expect(() => openFolderDrop({ outgoing: under, incoming: base })).toThrow(
      /out is missing and cannot be made \(ENOT/,
    )
    expect(() => openFolderDrop({ outgoing: base, incoming: `${base}/` })).toThrow('needs two folders')
  })

  it('does not move files through a link that stands where done/ should', async () => {
    const { outgoing, incoming } = folders('linked')
    const drop = openFolderDrop({ outgoing, incoming })
    await symlink(outgoing, join(incoming, 'done'))
    await writeFile(join(incoming, 'a.ret'), 'a')
    await expect(drop.done('a.ret')).rejects.toMatchObject({ kind: 'refused' })
    expect(await readdir(outgoing)).toEqual([])
  })

  it('says which folder it may not use', async () => {
    const { outgoing, incoming } = folders('closed')
    await mkdir(outgoing, { recursive: true })
    const drop = openFolderDrop({ outgoing, incoming })
    await chmod(base, 0o755)
    await chmod(join(base, 'closed'), 0o755)
    await chmod(outgoing, 0o555)
    // Root may do anything, so it becomes nobody for a moment.
    const isRoot = process.getuid?.() === 0
    if (isRoot) process.seteuid?.(65_534)
    try {
      const sentence = `Rialto may not use ${join(outgoing, '.one.ach.part')} (EACCES); give its user the right to.`
      await expect(drop.put('one.ach', Buffer.from('one'))).rejects.toMatchObject({
        kind: 'refused',
        message: sentence,
      })
    } finally {
      if (isRoot) process.seteuid?.(0)
      await chmod(outgoing, 0o755)
      await rm(outgoing, { recursive: true })
    }
  })
})
