import { createHash } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import SftpClient from 'ssh2-sftp-client'
import { DropProblem } from '../file-drop.ts'
import { shown } from './names.ts'
import { openCalls, type SftpCalls, StatusProblem } from './sftp-calls.ts'

/** Where the server is, how it proves itself to us, and we to it. */
export type SftpAddress = Readonly<{
  host: string
  port: number
  username: string
  /** As ssh-keygen prints it: 'SHA256:…'. A server that shows another key is never spoken to. */
  hostKey: string
  timeoutMs: number
}> &
  SftpSecret
export type SftpSecret = Readonly<{ privateKey: string }> | Readonly<{ password: string }>

/** One connection to a server, made when it is first needed and again after it failed. */
export type SftpLine = Readonly<{
  /**
   * Does the work on the connection, within its time. Whatever leaves the connection in an unknown state ends it, so
   * that nothing of this work happens after the answer. Refuses: refused, unreachable, and what the work refuses.
   */
  use<T>(ms: number, work: (calls: SftpCalls) => Promise<T>): Promise<T>
  hangUp(): void
}>

const keepaliveMs = 10_000

export function openLine(address: SftpAddress): SftpLine {
  const server = `The SFTP server ${address.host}:${address.port}`
  let current: Connection | undefined
  const breakOff = () => {
    current?.socket.destroy()
    current = undefined
  }
  return {
    hangUp() {
      current?.socket.destroySoon()
      current = undefined
    },
    async use(ms, work) {
      if (current?.socket.readyState !== 'open') {
        breakOff()
        current = await dial(address, server)
      }
      const { calls, lost } = current
      try {
        return await within(ms, `${server} did not answer in time.`, Promise.race([work(calls), lost]))
      } catch (error) {
        if (error instanceof StatusProblem) throw refusal(server, address, error)
        if (!(error instanceof DropProblem) || error.kind === 'unreachable') breakOff()
        if (error instanceof DropProblem) throw error
        throw new DropProblem('unreachable', `${server} broke off (${wordsOf(error)}); it will be tried again.`)
      }
    },
  }
}

type Connection = Readonly<{ socket: Socket; calls: SftpCalls; lost: Promise<never> }>

async function dial(address: SftpAddress, server: string): Promise<Connection> {
  const { host, port, timeoutMs } = address
  const socket = connect({ host, port, noDelay: true })
  let first: unknown
  const remember = (error: unknown) => {
    first ??= error
  }
  socket.on('error', remember)
  const client = new SftpClient('rialto', { error: remember })
  client.on('error', remember)
  client.on('keyboard-interactive', answerWithPassword(address))
  const lost = new Promise<never>((_, reject) => {
    const broken = () => reject(new DropProblem('unreachable', `${server} ended the connection.`))
    socket.once('close', broken)
  })
  // It is raced against work; between two works nobody listens, and nobody needs to.
  lost.catch(() => undefined)
  const seen: { hostKey?: string } = {}
  try {
    const connected = client.connect({ ...credentials(address), sock: socket, hostVerifier: verifier(address, seen) })
    const late = `${server} did not answer in time.`
    const channel = await within(timeoutMs, late, Promise.race([connected, lost]))
    // A server may end SFTP and leave the connection open; and what it says may be no SFTP at all.
    for (const event of ['close', 'end', 'error']) channel.on(event, () => socket.destroy())
    return { socket, calls: openCalls(channel), lost }
  } catch (error) {
    socket.destroy()
    throw whyNot(address, server, seen.hostKey, first ?? error)
  }
}

const credentials = (address: SftpAddress) => ({
  username: address.username,
  // The time for connecting is measured here, so that the socket is gone when it is over.
  readyTimeout: 0,
  keepaliveInterval: keepaliveMs,
  keepaliveCountMax: 3,
  ...('password' in address ? { password: address.password, tryKeyboard: true } : { privateKey: address.privateKey }),
})

/** Where a server asks for the password as a question, and for nothing else. */
function answerWithPassword(address: SftpAddress) {
  let answered = false
  return (_name: string, _text: string, _lang: string, prompts: readonly unknown[], finish: (a: string[]) => void) => {
    const known = 'password' in address && prompts.length === 1 && !answered
    answered ||= prompts.length > 0
    finish(known ? [address.password] : [])
  }
}

/** Remembers what the server showed when it is not what the settings say. */
function verifier(address: SftpAddress, seen: { hostKey?: string }) {
  return (key: Buffer): boolean => {
    const fingerprint = `SHA256:${createHash('sha256').update(key).digest('base64')}`.replace(/=+$/, '')
    if (fingerprint === address.hostKey.replace(/=+$/, '')) return true
    const kind = shown(key.subarray(4, 4 + Math.min(key.readUInt32BE(0), 64)).toString('latin1'))
    seen.hostKey = `${fingerprint} (${kind})`
    return false
  }
}

function whyNot(address: SftpAddress, server: string, hostKey: string | undefined, error: unknown): DropProblem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const level = error instanceof Error && 'level' in error ? String(error.level) : ''
  if (hostKey)
    return new DropProblem(
      'refused',
      `${server} shows the host key ${hostKey}, not the one in the settings. Ask the bank which is right before you ` +
        'change hostKey: it may be somebody else who answers.',
    )
  if (error instanceof DropProblem) return error
  if (level === 'client-authentication') {
    const how = 'password' in address ? 'this password' : 'this private key'
    const advice = `Check username and ${'password' in address ? 'password' : 'that the bank has the public key'}`
    return new DropProblem('refused', `${server} does not let ${shown(address.username)} in with ${how}. ${advice}.`)
  }
  if (error instanceof Error && error.message.startsWith('Cannot parse privateKey'))
    return new DropProblem('refused', `The private key for ${address.host} cannot be read: ${keyProblem(error)}.`)
  const advice = networkAdvice[code] ?? `(${wordsOf(error)}); look at its state and at the network.`
  return new DropProblem('unreachable', `${server} cannot be reached ${advice}`)
}

const networkAdvice: Readonly<Record<string, string>> = {
  ECONNREFUSED: '(ECONNREFUSED): nothing listens there. Check port, or ask the bank whether the server is up.',
  ENOTFOUND: '(ENOTFOUND): there is no such name. Check host.',
  EAI_AGAIN: '(EAI_AGAIN): names cannot be looked up now. Check the network.',
  ETIMEDOUT: '(ETIMEDOUT): a firewall may be in the way. Ask the bank whether it lets this address in.',
}

const keyProblem = ({ message }: Error): string =>
  /encrypted|passphrase/i.test(message)
    ? 'it is encrypted, or damaged; give one without a passphrase'
    : 'give one as ssh-keygen writes it'

const advice: Readonly<Record<number, string>> = {
  2: 'Check the folders in the settings.',
  3: "Ask the bank for that right, or check the folders' names.",
}

const refusal = (server: string, { username }: SftpAddress, problem: StatusProblem): DropProblem => {
  const hint = advice[problem.status] ?? 'Ask the bank what its server minds.'
  return new DropProblem('refused', `${server} did not let ${shown(username)} ${problem.message}. ${hint}`)
}

const wordsOf = (error: unknown): string =>
  error instanceof Error ? shown(error.message.replace(/^getConnection: /, '')) : 'no reason given'

async function within<T>(ms: number, late: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DropProblem('unreachable', late)), ms)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
