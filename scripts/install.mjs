// The first thing both commands do, before any package is there: plain JavaScript for every Node from 20 on.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.rialto-install')
const nodeOfTheHouse = join(root, 'node_modules', '.bin', 'node')
const leastFreeBytes = 2e9

/**
 * Installs what package-lock.json names, if what is installed differs, and goes on in the given script with the Node
 * that the packages bring. Ends with that script's exit code, or with 1 and one sentence that says what to do.
 */
export async function installThen(script) {
  try {
    checkNode()
    await install()
    handOver(script)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    console.error(`\n✗ ${error.message}`)
    process.exit(1)
  }
}

class Problem extends Error {}

function checkNode() {
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new Problem(
      `Rialto needs Node 20 or later and this is ${process.version}; install a newer Node and try again.`,
    )
}

async function install() {
  const wanted = fingerprint()
  const installed = fs.existsSync(stamp) ? fs.readFileSync(stamp, 'utf8') : ''
  if (installed === wanted && fs.existsSync(nodeOfTheHouse)) return
  if (!isInstalledByHand()) {
    checkDisk()
    await during('Installing packages', npmCi)
  }
  fs.writeFileSync(stamp, wanted)
}

const readJson = (path) => JSON.parse(fs.readFileSync(path, 'utf8'))

/** Everything that decides what npm would install. A changed script or description does not. */
function fingerprint() {
  const lock = fs.readFileSync(join(root, 'package-lock.json'), 'utf8')
  const packages = ['', ...workspaces()].map((folder) => {
    const { name, version, workspaces, bin, allowScripts, ...rest } = readJson(join(root, folder, 'package.json'))
    return { folder, name, version, workspaces, bin, allowScripts, dependencies: dependenciesOf(rest) }
  })
  const machine = `${process.platform}-${process.arch}`
  return createHash('sha256').update(JSON.stringify({ lock, packages, machine })).digest('hex')
}

/** The folders of the workspaces: `packages/*` means every folder there that holds a package.json. */
function workspaces() {
  return readJson(join(root, 'package.json')).workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern]
    const folder = pattern.slice(0, -2)
    const names = fs.readdirSync(join(root, folder)).sort()
    return names.map((name) => `${folder}/${name}`).filter((path) => fs.existsSync(join(root, path, 'package.json')))
  })
}

function dependenciesOf(manifest) {
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
  return kinds.map((kind) => Object.entries(manifest[kind] ?? {}).sort())
}

/** Whether somebody ran npm themselves and all is as package-lock.json says: npm leaves a list of what it installed. */
function isInstalledByHand() {
  const list = join(root, 'node_modules', '.package-lock.json')
  if (!fs.existsSync(list) || !fs.existsSync(nodeOfTheHouse)) return false
  const there = readJson(list).packages
  const wanted = readJson(join(root, 'package-lock.json')).packages
  const same = Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.peer) return true
    return there[path] !== undefined && there[path].version === entry.version
  })
  const declared = ['', ...workspaces()].every((folder) => {
    const manifest = dependenciesOf(readJson(join(root, folder, 'package.json')))
    return JSON.stringify(manifest) === JSON.stringify(dependenciesOf(wanted[folder] ?? {}))
  })
  return same && declared
}

function checkDisk() {
  const disk = fs.statfsSync(root)
  if (disk.bavail * disk.bsize < leastFreeBytes)
    throw new Problem(`There is less than 2 GB free for the packages in ${root}; make room and try again.`)
}

/** Says what is happening and for how long: a moving line on a terminal, plain lines everywhere else. */
async function during(what, work) {
  const began = Date.now()
  const seconds = () => Math.round((Date.now() - began) / 1000)
  const live = process.stdout.isTTY
  if (!live) console.log(`… ${what}`)
  const show = () =>
    live ? process.stdout.write(`\r\x1b[K… ${what} (${seconds()} s)`) : console.log(`  ${seconds()} s`)
  const ticker = setInterval(show, live ? 500 : 20_000)
  try {
    await work()
  } finally {
    clearInterval(ticker)
    if (live) process.stdout.write('\r\x1b[K')
  }
  console.log(`✓ ${what} (${seconds()} s)`)
}

/** npm as it was called, on the Node that it was called with: ours is about to be replaced. */
function npmCi() {
  const cli = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined
  const [program, first] = cli ? [process.env.npm_node_execpath ?? process.execPath, [cli]] : ['npm', []]
  const patience = ['--fetch-retries=3', '--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=10000']
  const args = [...first, 'ci', '--loglevel=error', '--no-progress', '--no-audit', '--no-fund', ...patience]
  return new Promise((done, fail) => {
    fs.rmSync(stamp, { force: true })
    const npm = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let words = ''
    for (const stream of [npm.stdout, npm.stderr])
      stream.on('data', (chunk) => {
        words = `${words}${chunk}`.slice(-20_000)
      })
    npm.on('error', (error) =>
      fail(new Problem(`npm could not be started (${error.message}); install npm and try again.`)),
    )
    npm.on('close', (code) => (code === 0 ? afterNpm(done, fail) : fail(new Problem(sentenceFor(words)))))
  })
}

function afterNpm(done, fail) {
  if (fs.existsSync(nodeOfTheHouse)) return done()
  const why = 'npm installed the packages but not the Node they bring'
  fail(new Problem(`${why}; allow npm to run install scripts (npm config get ignore-scripts) and try again.`))
}

/** What npm's last words mean, and what to do about it. */
function sentenceFor(words) {
  const noNetwork = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|network/
  if (/ENOSPC/.test(words)) return 'The disk became full while npm installed the packages; make room and try again.'
  if (noNetwork.test(words))
    return 'npm could not reach its registry; check the network (or the proxy npm is set to use) and try again.'
  if (/EACCES|EPERM|EROFS/.test(words))
    return `npm may not write into ${root}; make the folder yours (or copy it to a place that is) and try again.`
  if (/can only install packages when your package\.json|in sync/.test(words))
    return 'A package.json and package-lock.json disagree; run npm install, look at the difference, and try again.'
  const tail = words.split('\n').filter((line) => /\S/.test(line) && !/warn|complete log|npm-cache|_logs/i.test(line))
  const shown = tail.slice(-12).map((line) => `  ${line}`)
  return `npm could not install the packages; its last words are below.\n${shown.join('\n')}`
}

/** Goes on in `script`. It ends when we end, even by kill -9, and we when npm does. */
function handOver(script) {
  const guard = new URL('./stop-with-parent.mjs', import.meta.url).href
  const args = ['--import', guard, join(root, 'scripts', script), ...process.argv.slice(2)]
  const child = spawn(nodeOfTheHouse, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, PATH: `${dirname(nodeOfTheHouse)}:${process.env.PATH}`, RIALTO_PARENT_PIPE: '3' },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  const npm = process.ppid
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event && process.ppid !== npm) child.kill('SIGTERM')
  }, 1_000)
  child.on('exit', (code, signal) => {
    clearInterval(watch)
    process.exit(code ?? 128 + constants.signals[signal])
  })
}
