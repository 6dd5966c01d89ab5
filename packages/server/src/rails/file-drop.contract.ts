import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest'
import { connect, transact } from '../db/connect.ts'
import { DropProblem, type FileDrop, maxListed } from './file-drop.ts'

/** What a test of any drop brings along. Both folders lie on this machine, so that we can be the other side. */
export type DropDrive = Readonly<{
  open(options?: { maxBytes?: number }): FileDrop
  outgoing: string
  incoming: string
  /** An upload that dies before its end, with nobody left to tidy up. */
  dieHalfWay(name: string, content: Uint8Array): Promise<void>
  /** Nothing can be reached until `comeBack`. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
  close(): Promise<void>
}>

const mkfifo = '/usr/bin/mkfifo'
const bytes = (text: string) => Buffer.from(text)

/** What must hold for every place where files are handed over. */
export function fileDropContract(openDrive: () => Promise<DropDrive>): void {
  let drive: DropDrive
  let drop: FileDrop
  beforeAll(async () => {
    drive = await openDrive()
  }, 60_000)
  afterAll(() => drive?.close())
  beforeEach(async () => {
    for (const folder of [drive.outgoing, drive.incoming]) {
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder)
    }
    drop = drive.open()
  })
  afterEach(() => drop.close())

  const sent = (name: string) => readFile(join(drive.outgoing, name))
  const leave = (name: string, content: string) => writeFile(join(drive.incoming, name), content)
  const kindOf = (work: Promise<unknown>) =>
    work.then(
      () => 'no problem',
      (error: unknown) => (error instanceof DropProblem ? error.kind : error),
    )

  it('puts a file where the other side finds it whole, and nothing else', async () => {
    const content = Buffer.alloc(3_000_000, 'ninety-four columns ')
    expect(await drop.put('rialto 1 (new).ach', content)).toBe('put')
    expect((await sent('rialto 1 (new).ach')).equals(content)).toBe(true)
    expect(await drop.put('empty.ach', new Uint8Array())).toBe('put')
    expect(await sent('empty.ach')).toHaveLength(0)
    expect((await readdir(drive.outgoing)).sort()).toEqual(['empty.ach', 'rialto 1 (new).ach'])
  })

  it('puts exactly the bytes it is given, also of a part of a larger buffer', async () => {
    await drop.put('part.ach', bytes('not this, but this').subarray(10))
    expect(String(await sent('part.ach'))).toBe('but this')
  })

  it('takes the same file again, and refuses another of that name', async () => {
    await drop.put('one.ach', bytes('first'))
    expect(await drop.put('one.ach', bytes('first'))).toBe('already_there')
    expect(await kindOf(drop.put('one.ach', bytes('other')))).toBe('differs')
    expect(await kindOf(drop.put('one.ach', bytes('first and more')))).toBe('differs')
    expect(String(await sent('one.ach'))).toBe('first')
    await mkdir(join(drive.outgoing, 'two.ach'))
    expect(await kindOf(drop.put('two.ach', bytes('')))).toBe('differs')
  })

  it('does not write through a symbolic link, nor believe it', async () => {
    const elsewhere = join(drive.incoming, 'elsewhere')
    await writeFile(elsewhere, 'theirs')
    await symlink(elsewhere, join(drive.outgoing, 'one.ach'))
    expect(await kindOf(drop.put('one.ach', bytes('theirs')))).toBe('differs')
    await symlink(elsewhere, join(drive.outgoing, '.two.ach.part'))
    expect(await drop.put('two.ach', bytes('ours'))).toBe('put')
    expect(String(await readFile(elsewhere))).toBe('theirs')
    expect(String(await sent('two.ach'))).toBe('ours')
  })

  it('shows nothing under the real name of an upload that died, and starts it again from the beginning', async () => {
    const content = Buffer.alloc(2_000_000, 'half a file is worse than none. ')
    await drive.dieHalfWay('died.ach', content)
    expect(await readdir(drive.outgoing)).toEqual(['.died.ach.part'])
    expect((await sent('.died.ach.part')).length).toBeLessThan(content.length)
    expect(await drop.put('died.ach', content)).toBe('put')
    expect((await sent('died.ach')).equals(content)).toBe(true)
    expect(await readdir(drive.outgoing)).toEqual(['died.ach'])
  })

  it('takes ten files at once, and one file ten times at once', async () => {
    const files = Array.from({ length: 10 }, (_, n) => ({ name: `${n}.ach`, content: Buffer.alloc(100_000, `${n}`) }))
    expect(await Promise.all(files.map(({ name, content }) => drop.put(name, content)))).toEqual(Array(10).fill('put'))
    for (const { name, content } of files) expect((await sent(name)).equals(content)).toBe(true)
    const same = await Promise.all(files.map(() => drop.put('same.ach', bytes('same'))))
    expect(same.sort()).toEqual([...Array(9).fill('already_there'), 'put'])
  })

  it('lists what was left, by name, and gives it out', async () => {
    expect(await drop.list()).toEqual({ files: [], strange: [] })
    await leave('b.ret', 'bb')
    await leave('a.ret', 'a')
    expect(await drop.list()).toEqual({
      files: [
        { name: 'a.ret', size: 1 },
        { name: 'b.ret', size: 2 },
      ],
      strange: [],
    })
    expect(Buffer.from(await drop.get('b.ret'))).toEqual(bytes('bb'))
  })

  it('gives out a large file byte for byte', async () => {
    const content = Buffer.from(Array.from({ length: 1_000_003 }, (_, n) => (n * 7 + (n >> 8)) % 256))
    await writeFile(join(drive.incoming, 'large.ret'), content)
    expect(content.equals(await drop.get('large.ret'))).toBe(true)
  })

  it('lists no strange names, and says that they are there', async () => {
    await leave('good.ret', 'good')
    await leave('.hidden', '')
    await leave('rising.ret.part', '')
    await leave('two\nlines.ret', '')
    await leave('back\\slash', '')
    await leave('x'.repeat(201), '')
    await mkdir(join(drive.incoming, 'folder'))
    await mkdir(join(drive.incoming, 'done'))
    await symlink('/etc/passwd', join(drive.incoming, 'link.ret'))
    execFileSync(mkfifo, [join(drive.incoming, 'pipe.ret')])
    const { files, strange } = await drop.list()
    expect(files).toEqual([{ name: 'good.ret', size: 4 }])
    expect(strange).toEqual(
      [
        '.hidden',
        'back\\slash',
        'folder',
        'link.ret',
        'pipe.ret',
        'rising.ret.part',
        'two\\u{a}lines.ret',
        'x'.repeat(201),
      ].sort(),
    )
    for (const name of ['folder', 'link.ret', 'pipe.ret']) {
      expect(await kindOf(drop.get(name))).toBe('refused')
      expect(await kindOf(drop.done(name))).toBe('refused')
    }
  })

  it('lists a thousand at a time', async () => {
    for (let n = 0; n < maxListed + 5; n++) await leave(`${10_000 + n}.ret`, '')
    const { files } = await drop.list()
    expect(files).toHaveLength(maxListed)
    expect(files.at(-1)?.name).toBe(`${10_000 + maxListed - 1}.ret`)
  }, 60_000)

  it('refuses names that are no plain file names', async () => {
    for (const name of ['', '.', '..', '../x', '/etc/passwd', 'a/b', 'a\0b', 'a\nb', '.ach', 'x.part', 'done', ' x'])
      for (const work of [drop.put(name, bytes('')), drop.get(name), drop.done(name)])
        expect(await kindOf(work), name).toBe('bad_name')
  })

  it('refuses what is too large, both ways', async () => {
    const small = drive.open({ maxBytes: 10 })
    expect(await kindOf(small.put('large.ach', bytes('eleven bytes')))).toBe('too_large')
    expect(await readdir(drive.outgoing)).toEqual([])
    await leave('large.ret', 'eleven bytes')
    expect(await kindOf(small.get('large.ret'))).toBe('too_large')
    await leave('fits.ret', 'ten bytes.')
    expect(await small.get('fits.ret')).toHaveLength(10)
    await small.close()
    // Nobody has room for this one: it is refused by its size alone.
    await truncate(join(drive.incoming, 'large.ret'), 5e12)
    expect(await kindOf(drop.get('large.ret'))).toBe('too_large')
  })

  it('says that a file is not there', async () => {
    expect(await kindOf(drop.get('missing.ret'))).toBe('not_found')
  })

  it('moves what is done out of the way, once or twice', async () => {
    await leave('a.ret', 'a')
    await drop.done('a.ret')
    await drop.done('a.ret')
    await drop.done('never-there.ret')
    expect(await drop.list()).toEqual({ files: [], strange: [] })
    expect(String(await readFile(join(drive.incoming, 'done', 'a.ret')))).toBe('a')
  })

  it('keeps every file that is done, though the bank calls each the same', async () => {
    for (const content of ['monday', 'tuesday', 'wednesday']) {
      await leave('returns.ret', content)
      await drop.done('returns.ret')
    }
    const folder = join(drive.incoming, 'done')
    const kept = await Promise.all(
      (await readdir(folder)).map(async (name) => String(await readFile(join(folder, name)))),
    )
    expect(kept.sort()).toEqual(['monday', 'tuesday', 'wednesday'])
  })

  it('fails while the other side is away, and goes on when it is back', async () => {
    await drop.put('before.ach', bytes('before'))
    await drive.goAway()
    expect(await kindOf(drop.put('away.ach', bytes('away')))).toBe('unreachable')
    expect(await kindOf(drop.list())).toBe('unreachable')
    await drive.comeBack()
    expect(await drop.put('before.ach', bytes('before'))).toBe('already_there')
    expect(await drop.put('away.ach', bytes('away'))).toBe('put')
    await leave('a.ret', 'a')
    expect((await drop.list()).files).toHaveLength(1)
  })

  it('forgets a file that the other side took: to send it once is for the caller to see to', async () => {
    await drop.put('one.ach', bytes('one'))
    await rename(join(drive.outgoing, 'one.ach'), join(drive.incoming, 'taken'))
    expect(await drop.put('one.ach', bytes('one'))).toBe('put')
  })

  it('is never used inside a transaction', async () => {
    const sql = connect(inject('postgresUrl'), { max: 1 })
    const works: (() => Promise<unknown>)[] = [
      () => drop.put('one.ach', bytes('one')),
      () => drop.list(),
      () => drop.get('one.ret'),
      () => drop.done('one.ret'),
      () => drop.close(),
    ]
    for (const work of works)
      await expect(transact(sql, work)).rejects.toThrow('the file drop is never used inside a transaction')
    await sql.end()
    expect(await readdir(drive.outgoing)).toEqual([])
  })

  it('finishes what is under way when it is closed, and takes nothing more', async () => {
    const under = drop.put('last.ach', bytes('last'))
    const closing = drop.close()
    expect(await under).toBe('put')
    await closing
    await drop.close()
    expect(await kindOf(drop.list())).toBe('unreachable')
  })
}
