import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { dataFolder, deleteData, untilUnused } from './data-folder.ts'
import { root } from './run.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rialto-data-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('lies in ./data, or where RIALTO_DATA_DIR says', () => {
  expect(dataFolder({})).toBe(join(root, 'data'))
  expect(dataFolder({ RIALTO_DATA_DIR: '/elsewhere' })).toBe('/elsewhere')
})

it('deletes what Rialto made', () => {
  writeFileSync(join(folder, 'postgres.password'), '')
  deleteData(folder)
  expect(existsSync(folder)).toBe(false)
})

it('keeps a folder that somebody else made', () => {
  writeFileSync(join(folder, 'novel.txt'), '')
  expect(() => deleteData(folder)).toThrow('delete it yourself')
  expect(existsSync(folder)).toBe(true)
})

it.each([root, homedir(), '/'])('never deletes %s', (place) => {
  expect(() => deleteData(place)).toThrow('set RIALTO_DATA_DIR to a folder of its own')
})

it.runIf(existsSync('/proc/self'))('waits for a PostgreSQL that still runs there, and then refuses', async () => {
  mkdirSync(join(folder, 'postgres'))
  const owner = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)', 'postgres'])
  writeFileSync(join(folder, 'postgres/postmaster.pid'), `${owner.pid}\n`)
  await expect(untilUnused(folder, 300)).rejects.toThrow(`in use by another Rialto (PostgreSQL process ${owner.pid})`)
  setTimeout(() => owner.kill('SIGKILL'), 300)
  await untilUnused(folder)
})

it('does not mistake another program for a PostgreSQL that once had its number', async () => {
  mkdirSync(join(folder, 'postgres'))
  writeFileSync(join(folder, 'postgres/postmaster.pid'), `${process.pid}\n`)
  await untilUnused(folder, 300)
})
