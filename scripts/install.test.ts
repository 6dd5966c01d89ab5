import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

/** A checkout with one dependency, and an npm that writes down its calls and does as FAKE_NPM says. */
let folder: string

const fakeNpm = `
const { appendFileSync, mkdirSync, symlinkSync, writeFileSync } = require('node:fs')
appendFileSync('npm.calls', process.argv.slice(2).join(' ') + '\\n')
const says = process.env.FAKE_NPM
if (says) { console.error(says); process.exit(1) }
mkdirSync('node_modules/.bin', { recursive: true })
if (!process.env.FAKE_NPM_NO_NODE) symlinkSync(process.execPath, 'node_modules/.bin/node')
`
const manifest = { name: 'a', workspaces: ['packages/*'], dependencies: { left: '1.0.0' } }
const lock = { packages: { '': { dependencies: { left: '1.0.0' } }, 'node_modules/left': { version: '1.0.0' } } }

const write = (path: string, content: unknown) =>
  writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rialto-install-'))
  for (const name of ['packages/one', 'scripts']) mkdirSync(join(folder, name), { recursive: true })
  for (const name of ['install.mjs', 'up.mjs', 'stop-with-parent.mjs'])
    copyFileSync(join(import.meta.dirname, name), join(folder, 'scripts', name))
  write('package.json', manifest)
  write('packages/one/package.json', { name: 'one' })
  write('package-lock.json', { packages: { ...lock.packages, 'packages/one': {} } })
  write('scripts/up.ts', "console.log('handed over', process.argv.slice(2).join(' ')); process.exitCode = 7")
  write('npm-cli.js', fakeNpm)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function up(env: Record<string, string> = {}, args: string[] = []) {
  const result = spawnSync(process.execPath, ['scripts/up.mjs', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      npm_execpath: join(folder, 'npm-cli.js'),
      npm_node_execpath: process.execPath,
      ...env,
    },
  })
  return {
    ...result,
    calls: existsSync(join(folder, 'npm.calls')) ? readFileSync(join(folder, 'npm.calls'), 'utf8') : '',
  }
}

it('installs once, and hands arguments and exit code through', () => {
  const first = up({}, ['--fresh'])
  expect(first.stdout).toMatch(/^… Installing packages\n✓ Installing packages \(\d+ s\)\nhanded over --fresh\n$/)
  expect(first.status).toBe(7)
  expect(first.calls).toMatch(/^ci --loglevel=error/)
  const second = up()
  expect(second.stdout).toBe('handed over \n')
  expect(second.calls).toBe(first.calls)
})

it('installs again when a dependency changes, and not when a script does', () => {
  up()
  write('package.json', { ...manifest, scripts: { new: 'one' } })
  expect(up().stdout).toBe('handed over \n')
  write('packages/one/package.json', { name: 'one', dependencies: { right: '1.0.0' } })
  expect(up().stdout).toContain('Installing packages')
})

it('leaves alone what somebody installed by hand', () => {
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  symlinkSync(process.execPath, join(folder, 'node_modules/.bin/node'))
  write('node_modules/.package-lock.json', {
    packages: { 'node_modules/left': { version: '1.0.0' }, 'packages/one': {} },
  })
  expect(up()).toMatchObject({ stdout: 'handed over \n', calls: '' })
})

it.each([
  [
    'npm error code EAI_AGAIN\nnpm error request to the registry failed',
    /could not reach its registry; check the network/,
  ],
  ['npm error code ENOSPC\nnpm error nospc no space left on device', /The disk became full/],
  ['npm error code EACCES\nnpm error syscall mkdir', /npm may not write into/],
  [
    'npm error code EUSAGE\nnpm error `npm ci` can only install packages when your package.json and …',
    /disagree; run npm/,
  ],
  [
    'npm warn something old\nnpm error the left leg fell off',
    /its last words are below\.\n {2}npm error the left leg fell off\n/,
  ],
])('says in one sentence why it could not install: %j', (says, sentence) => {
  const { stderr, status } = up({ FAKE_NPM: says })
  expect(stderr).toMatch(sentence)
  expect(stderr).not.toMatch(/warn|at .*\.mjs/)
  expect(status).toBe(1)
})

it('does not believe an install that failed', () => {
  up({ FAKE_NPM: 'ENOTFOUND' })
  expect(up().stdout).toContain('handed over')
})

it('says so when npm was not allowed to bring the Node', () => {
  expect(up({ FAKE_NPM_NO_NODE: '1' }).stderr).toMatch(/allow npm to run install scripts/)
})
