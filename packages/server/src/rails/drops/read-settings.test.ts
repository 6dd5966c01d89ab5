import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDrop, parseDrop } from './read-settings.ts'

const folder = { kind: 'folder', outgoing: '/srv/rialto/outgoing', incoming: '/srv/rialto/incoming' } as const
const sftp = {
  kind: 'sftp',
  host: 'sftp.bank.example',
  username: 'rialto',
  privateKeyFile: '/etc/rialto/sftp.key',
  hostKey: `SHA256:${'a/b+'.repeat(10)}abc`,
  outgoing: '/to-bank',
  incoming: 'from-bank',
} as const

it('reads both kinds, with and without what may be left out', () => {
  const { privateKeyFile: _, ...rest } = sftp
  const whole = { ...rest, port: 2222, password: 'hush', maxBytes: 1_000_000, timeoutMs: 60_000 }
  for (const settings of [folder, { ...folder, maxBytes: 5 }, sftp, whole, { ...sftp, host: '2001:db8::1' }])
    expect(parseDrop(settings)).toEqual(settings)
})

it('says everything that is wrong at once', () => {
  expect(parseDrop({ ...folder, outgoing: 'relative', incoming: 7, depth: 3, maxBytes: 0 })).toEqual({
    problems: [
      'outgoing must be an absolute path',
      'incoming must be an absolute path',
      'depth is not a setting',
      'maxBytes must be a whole number from 1 to 1000000000',
    ],
  })
  const { host: _, hostKey: __, ...rest } = sftp
  expect(parseDrop({ ...rest, port: 0, username: '', outgoing: 'a\nb', timeoutMs: 1, password: 'hush' })).toEqual({
    problems: [
      'host is missing',
      'hostKey is missing',
      'username must be a text of 1 to 255 characters',
      'outgoing must be a path at the server',
      'port must be a whole number from 1 to 65535',
      'timeoutMs must be a whole number from 1000 to 600000',
      'privateKeyFile or password: give only one',
    ],
  })
})

it('needs a kind, a secret, and two folders', () => {
  for (const nonsense of [undefined, null, 'folder', [folder]])
    expect(parseDrop(nonsense)).toEqual({ problems: ['the file drop is not a JSON object'] })
  expect(parseDrop({ ...folder, kind: 'ftp' })).toEqual({ problems: ['kind must be folder or sftp'] })
  const { privateKeyFile: _, ...rest } = sftp
  expect(parseDrop(rest)).toEqual({ problems: ['privateKeyFile or password: one of them is missing'] })
  expect(parseDrop({ ...folder, incoming: `${folder.outgoing}/` })).toEqual({
    problems: ['outgoing and incoming are the same folder; use two'],
  })
})

it('takes no host key but a whole fingerprint', () => {
  for (const hostKey of ['', 'SHA256:', 'SHA256:short', 'MD5:aa:bb', `SHA256:${'a'.repeat(44)}`, 'any'])
    expect(parseDrop({ ...sftp, hostKey })).toEqual({
      problems: [expect.stringMatching(/^hostKey must be a fingerprint/)],
    })
})

it('never repeats a value, which may be a secret', () => {
  const answer = parseDrop({ ...sftp, password: { hush: 'hush-hush' }, privateKeyFile: 'hush-hush' })
  expect(JSON.stringify(answer)).not.toContain('hush')
})

it('opens what the settings say', async () => {
  const base = mkdtempSync(join(tmpdir(), 'rialto-settings-'))
  const here = { kind: 'folder', outgoing: join(base, 'out'), incoming: join(base, 'in') } as const
  expect(openDrop(here).name).toBe('folder')
  const privateKeyFile = join(base, 'key')
  expect(() => openDrop({ ...sftp, privateKeyFile })).toThrow(`private key ${privateKeyFile} cannot be read (ENOENT)`)
  writeFileSync(privateKeyFile, 'a key')
  const drop = openDrop({ ...sftp, privateKeyFile })
  expect(drop.name).toBe('sftp')
  await drop.close()
  rmSync(base, { recursive: true })
})
