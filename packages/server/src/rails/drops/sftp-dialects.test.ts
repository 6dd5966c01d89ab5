import type { AuthContext, FileEntry } from 'ssh2'
import { afterEach, expect, it } from 'vitest'
import { openPretendServer, type Pretence } from './pretend-server.fixture.ts'
import { openSftpDrop } from './sftp.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function openDrop(pretence: Partial<Pretence> = {}, password = 'right') {
  const server = await openPretendServer({ auth: hasPassword, ...pretence })
  const folders = { outgoing: '/out', incoming: '/in' }
  const drop = openSftpDrop({ ...server.address, ...folders, password, timeoutMs: 2_000 })
  closing.push(drop.close, server.close)
  return drop
}

const hasPassword = (context: AuthContext) => context.method === 'password' && context.password === 'right'
const attrs = { mode: 0o100644, uid: 0, gid: 0, size: 7, atime: 0, mtime: 0 }
const entry = (filename: string, more: Partial<FileEntry> = {}): FileEntry => ({
  filename,
  longname: `-rw-r--r-- 1 bank bank 7 Jan 1 00:00 ${filename}`,
  attrs,
  ...more,
})

it('signs in with a password', async () => {
  const drop = await openDrop({ entries: [entry('a.ret')] })
  expect(await drop.list()).toEqual({ files: [{ name: 'a.ret', size: 7 }], strange: [] })
})

it('signs in where the password is asked for as a question, and answers no second question', async () => {
  const asks = (questions: number) => (context: AuthContext) => {
    if (context.method !== 'keyboard-interactive') return false
    const ask = (left: number) =>
      context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
        if (answers[0] !== 'right') context.reject()
        else if (left === 1) context.accept()
        else ask(left - 1)
      })
    ask(questions)
    return 'asked' as const
  }
  expect(await (await openDrop({ auth: asks(1) })).list()).toEqual({ files: [], strange: [] })
  await expect((await openDrop({ auth: asks(2) })).list()).rejects.toMatchObject({ kind: 'refused' })
})

it('never says the password in what it throws', async () => {
  const drop = await openDrop({}, 'wrong-but-secret')
  const error: unknown = await drop.list().catch((caught) => caught)
  expect(error).toMatchObject({ kind: 'refused' })
  expect(String(error)).not.toContain('wrong-but-secret')
})

it('takes no name out of the folder that a server makes up', async () => {
  const names = [
    '../../etc/passwd',
    '/etc/passwd',
    'a/b',
    '.',
    '..',
    'a\0b',
    'x'.repeat(300),
    '\u202egpj.ret',
    'good.ret',
  ]
  const drop = await openDrop({ entries: names.map((name) => entry(name)) })
  const { files, strange } = await drop.list()
  expect(files).toEqual([{ name: 'good.ret', size: 7 }])
  expect(strange).toEqual(
    ['../../etc/passwd', '/etc/passwd', 'a/b', 'a\\u{0}b', 'x'.repeat(255), '\\u{202e}gpj.ret'].sort(),
  )
})

it('reads what a thing is from its line where a server gives permissions only', async () => {
  const bare = { ...attrs, mode: 0o644 }
  const drop = await openDrop({
    entries: [
      entry('file.ret', { attrs: bare }),
      entry('folder', { attrs: bare, longname: 'drwxr-xr-x folder' }),
      entry('link.ret', { attrs: bare, longname: 'lrwxrwxrwx link.ret' }),
    ],
  })
  expect(await drop.list()).toEqual({ files: [{ name: 'file.ret', size: 7 }], strange: ['folder', 'link.ret'] })
})

it('refuses a file that is shorter than the server says, and takes no more of it than that', async () => {
  const shorter = await openDrop({ file: { says: 100, gives: 'short' } })
  await expect(shorter.get('a.ret')).rejects.toMatchObject({ kind: 'differs' })
  const longer = await openDrop({ file: { says: 5, gives: 'longer than five' } })
  expect(String(await longer.get('a.ret'))).toBe('longe')
})

it('refuses a file that the server says is enormous, before it makes room for it', async () => {
  const drop = await openDrop({ file: { says: 2 ** 52, gives: '' } })
  await expect(drop.get('a.ret')).rejects.toMatchObject({ kind: 'too_large' })
})

it('starts afresh after a server ended SFTP but not the connection', async () => {
  const drop = await openDrop({ endsSftp: true })
  for (let tries = 0; tries < 2; tries++) {
    const began = performance.now()
    await expect(drop.list()).rejects.toMatchObject({ kind: 'unreachable' })
    expect(performance.now() - began).toBeLessThan(1_500)
  }
})
