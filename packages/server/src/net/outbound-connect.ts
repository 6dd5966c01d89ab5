import { isIP, type LookupFunction, connect as openPlain, type Socket } from 'node:net'
import { connect as openSecure, type TLSSocket } from 'node:tls'
import type { Target } from './endpoint-url.ts'
import type { Resolve } from './outbound-names.ts'
import { type Allowed, whyRefused } from './public-address.ts'

/** What kept a call from being answered. */
export type Failure = Readonly<{
  kind: 'failed'
  why: 'refused_address' | 'name_not_found' | 'not_connected' | 'timed_out' | 'bad_certificate' | 'reset' | 'not_http'
  /** A sentence for whoever looks after the endpoint. Names no address that the name leads to. */
  says: string
}>

export const failed = (why: Failure['why'], says: string): Failure => ({ kind: 'failed', why, says })

/** An answer with more addresses is cut; each gets a second before the next is tried beside it. */
const mostAddresses = 8
const attemptMs = 1_000

/**
 * Opens a connection to a target whose every address may be called. The name is looked up once, here, and the socket
 * can only go to the addresses that were judged. A certificate is always verified against the target's name, whatever
 * the environment says. `signal` ends the attempt.
 */
export async function connect(
  target: Target,
  by: { resolve: Resolve; allowed: Allowed },
  signal: AbortSignal,
): Promise<Socket | Failure> {
  const addresses = await addressesOf(target.host, by.resolve, signal)
  if (!Array.isArray(addresses)) return addresses
  const refused = addresses.map((address) => whyRefused(address, by.allowed)).find((why) => why !== undefined)
  if (refused) return failed('refused_address', refusal(target.host, refused))

  const socket = openSocket(target, addresses.slice(0, mostAddresses))
  const hangUp = () => socket.destroy()
  signal.addEventListener('abort', hangUp)
  const failure = await whyNotOpen(target, socket, by.allowed, signal)
  signal.removeEventListener('abort', hangUp)
  if (!failure) return socket
  socket.destroy()
  return failure
}

/** The private address itself is not told: whoever chose the name could map the network with it. */
const refusal = (host: string, why: string): string =>
  isIP(host) > 0
    ? `${host} is ${why}, which is not called.`
    : `${host} leads to ${why}, which is not called. Use a name whose every address is on the public internet.`

async function addressesOf(host: string, resolve: Resolve, signal: AbortSignal): Promise<string[] | Failure> {
  if (isIP(host) > 0) return [host]
  const looked = resolve(host).then(
    (found) => (found.length > 0 ? [...found] : notFound(host, 'ENODATA')),
    (error: unknown) => notFound(host, codeOf(error)),
  )
  const late = new Promise<Failure>((end) => {
    const tooLate = () => end(failed('timed_out', `The name ${host} was not found in time.`))
    if (signal.aborted) tooLate()
    else signal.addEventListener('abort', tooLate, { once: true })
  })
  return Promise.race([looked, late])
}

const notFound = (host: string, code: string): Failure =>
  failed(
    'name_not_found',
    ['ENOTFOUND', 'ENODATA', 'EBADNAME'].includes(code)
      ? `The name ${host} has no address.`
      : `The name ${host} could not be looked up (${code}).`,
  )

function openSocket({ host, port, secure }: Target, addresses: readonly string[]): Socket {
  const pinned: LookupFunction = (_name, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: isIP(address) })),
    )
  const way = {
    ...{ host, port, lookup: pinned, noDelay: true, keepAlive: true },
    ...{ autoSelectFamily: true, autoSelectFamilyAttemptTimeout: attemptMs },
  }
  if (!secure) return openPlain(way)
  const servername = isIP(host) > 0 ? {} : { servername: host }
  return openSecure({ ...way, ...servername, rejectUnauthorized: true, ALPNProtocols: ['http/1.1'] })
}

async function whyNotOpen(
  target: Target,
  socket: Socket,
  allowed: Allowed,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  // A socket without a listener for its errors would end the process.
  socket.on('error', () => undefined)
  const trouble = await until(socket, 'connect')
  if (signal.aborted) return failed('timed_out', `${target.host} did not take the connection in time.`)
  if (trouble) return failed('not_connected', notConnected(target, codeOf(trouble)))
  // The lookup above is all the socket knows. Should that ever change, nothing is sent.
  const refused = whyRefused(socket.remoteAddress ?? '', allowed)
  if (refused) return failed('refused_address', refusal(target.host, refused))
  if (!target.secure) return undefined

  const unsafe = await until(socket, 'secureConnect')
  if (signal.aborted) return failed('timed_out', `${target.host} did not agree on a secure connection in time.`)
  if (!unsafe) return undefined
  return (socket as TLSSocket).authorizationError
    ? failed('bad_certificate', badCertificate(target.host, codeOf(unsafe)))
    : failed('not_connected', `${target.host} did not agree on a secure connection (${codeOf(unsafe)}).`)
}

/** Resolves to undefined when the event comes, to what went wrong otherwise. */
const until = (socket: Socket, event: 'connect' | 'secureConnect'): Promise<Error | undefined> =>
  new Promise((end) => {
    socket.once(event, () => end(undefined))
    socket.once('error', end)
    socket.once('close', () => end(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
  })

/** Several attempts fail as one AggregateError; the first says the most. */
function codeOf(error: unknown): string {
  const { code, errors } = (error ?? {}) as { code?: unknown; errors?: readonly { code?: unknown }[] }
  return String(code ?? errors?.[0]?.code ?? 'unknown')
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nobody listens there.',
  ECONNRESET: 'It was closed at once.',
  EHOSTUNREACH: 'No way leads there.',
  ENETUNREACH: 'No way leads there.',
  ETIMEDOUT: 'Nothing came back.',
}
const notConnected = ({ host, port }: Target, code: string): string =>
  `No connection to ${host}, port ${port}. ${reasons[code] ?? `(${code})`}`

const faults: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is signed by itself, not by a public authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
  SELF_SIGNED_CERT_IN_CHAIN: 'is signed by an authority that is not public',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is signed by an authority that is not public',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'comes without the intermediate certificates, or from an authority that is not public',
}
const badCertificate = (host: string, code: string): string =>
  `The certificate of ${host} ${faults[code] ?? `is not right (${code})`}.`
