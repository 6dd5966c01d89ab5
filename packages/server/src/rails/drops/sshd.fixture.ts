import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

const program = '/usr/sbin/sshd'
/** Whatever becomes of the test, its input ends with it, and then so does the server. */
const untilInputEnds = '"$0" "$@" & cat > /dev/null; kill $!; wait $!'
const keygen = '/usr/bin/ssh-keygen'

/** OpenSSH's own server, for this test alone, behind a gate that can cut and hold connections. */
export type Sshd = Readonly<{
  base: string
  address: Readonly<{ host: string; port: number; username: string; hostKey: string }>
  privateKey: string
  /** How many connections came through the gate so far. */
  connections(): number
  /** Lets this many bytes more through to the server, then breaks every connection. */
  cutAfter(bytes: number): void
  cutNow(): void
  /** From now on nothing comes back from the server, and nothing is broken either. */
  hold(): void
  start(): Promise<void>
  stop(): Promise<void>
  close(): Promise<void>
}>

export async function openSshd(more: readonly string[] = []): Promise<Sshd> {
  if (!existsSync(program))
    throw new Error(
      `This test speaks to OpenSSH's server and there is no ${program}: run apt-get install openssh-server.`,
    )
  const base = mkdtempSync(join(tmpdir(), 'rialto-sshd-'))
  for (const name of ['host', 'user'])
    execFileSync(keygen, ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(base, name)])
  const port = await freePort()
  const config = writeConfig(base, port, more)
  const gate = await openGate(port)
  let running: ChildProcess | undefined
  const start = async () => {
    running = spawn('/bin/sh', ['-c', untilInputEnds, program, '-D', '-e', '-f', config])
    let words = ''
    running.stderr?.on('data', (chunk) => {
      words = `${words}${chunk}`.slice(-2_000)
    })
    await listens(port, () => words)
  }
  const stop = async () => {
    gate.cutNow()
    if (!running || running.exitCode !== null) return
    const ended = new Promise((resolve) => running?.once('exit', resolve))
    running.stdin?.end()
    await ended
  }
  await start()
  return {
    base,
    address: { host: '127.0.0.1', port: gate.port, username: userInfo().username, hostKey: fingerprint(base) },
    privateKey: readFileSync(join(base, 'user'), 'utf8'),
    ...gate,
    start,
    stop,
    async close() {
      await stop()
      await gate.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}

const fingerprint = (base: string): string =>
  execFileSync(keygen, ['-lf', join(base, 'host.pub')], { encoding: 'utf8' }).split(' ')[1] ?? ''

function writeConfig(base: string, port: number, more: readonly string[]): string {
  // Where the server of a whole machine would have been set up by its package.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const lines = [
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    `HostKey ${join(base, 'host')}`,
    `AuthorizedKeysFile ${join(base, 'user.pub')}`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    'PasswordAuthentication yes',
    'Subsystem sftp internal-sftp',
    ...more,
  ]
  const file = join(base, 'sshd_config')
  const isRight = (text: string) => {
    writeFileSync(file, text)
    return spawnSync(program, ['-t', '-f', file]).status === 0
  }
  // Newer servers keep an address out after a wrong password; older ones do not know the word.
  const patient = [...lines, 'PerSourcePenalties no']
  if (!isRight(`${patient.join('\n')}\n`)) isRight(`${lines.join('\n')}\n`)
  return file
}

async function freePort(): Promise<number> {
  const server = await listening(createServer())
  const { port } = server
  await new Promise((resolve) => server.server.close(resolve))
  return port
}

async function listening(server: Server): Promise<{ server: Server; port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, port: address.port }
}

async function listens(port: number, words: () => string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const there = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port })
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (there) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`sshd did not begin to listen: ${words()}`)
}

async function openGate(to: number) {
  const open = new Set<Socket>()
  let came = 0
  let left = Number.POSITIVE_INFINITY
  let held = false
  const cutNow = () => {
    left = Number.POSITIVE_INFINITY
    held = false
    for (const socket of open) socket.destroy()
    open.clear()
  }
  const { server, port } = await listening(
    createServer((near) => {
      came++
      const far = connect({ host: '127.0.0.1', port: to })
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        open.add(socket)
        socket.on('error', () => undefined)
        socket.on('close', () => other.destroy())
      }
      near.on('data', (chunk) => {
        far.write(chunk.subarray(0, Math.max(0, left)))
        left -= chunk.length
        // What was let through still arrives.
        if (left <= 0) far.end(cutNow)
      })
      far.on('data', (chunk) => held || near.write(chunk))
    }),
  )
  return {
    port,
    cutNow,
    connections: () => came,
    cutAfter: (bytes: number) => {
      left = bytes
    },
    hold: () => {
      held = true
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
