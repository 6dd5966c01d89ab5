import { isAbsolute, join, resolve } from 'node:path'
import { parseAllowedAddresses } from '../net/allowed-addresses.ts'
import type { VaultKey } from '../net/vault.ts'

/** Everything an operator can set. docs/operators/configuration.md lists it. */
export type Config = Readonly<{
  environment: 'sandbox' | 'production'
  dataDir: string
  /** Undefined: the embedded PostgreSQL in dataDir. */
  databaseUrl: string | undefined
  host: string
  apiPort: number
  clientPort: number
  apiUrl: string
  clientUrl: string
  /** Undefined: made once and kept in dataDir, which only a sandbox does. */
  vaultKeys: readonly [VaultKey, ...VaultKey[]] | undefined
  bankClientKey: Readonly<Record<string, unknown>> | undefined
  /** Undefined: the pretend banks, which only a sandbox has. */
  banksFile: string | undefined
  /** Undefined: the pretend originating bank, which only a sandbox has. */
  originatingBanksFile: string | undefined
  /** Merchants' reports are put here, each into a folder of theirs, unless they have a drop of their own. */
  reportsDir: string
  /** Ranges of addresses that webhooks may be sent to although they are not public. */
  outboundAllow: readonly string[]
  eventsKeptDays: number
  /** Undefined: e-mails are put into a folder of dataDir. */
  smtpUrl: string | undefined
  mailFrom: string
  sandboxUrl: string
  storeUrl: string
  logLevel: string
}>

type Env = Readonly<Record<string, string | undefined>>

/** The only reader of the environment. Answers every problem at once, in words an operator can act on. */
export function readConfig(env: Env): Config | { problems: string[] } {
  const problems: string[] = []
  const text = (name: string) => env[name]?.trim() || undefined
  const environment = text('RIALTO_ENV') ?? 'sandbox'
  if (environment !== 'sandbox' && environment !== 'production')
    problems.push(`RIALTO_ENV is '${environment}'; use sandbox or production`)
  const production = environment === 'production'
  const port = (name: string, otherwise: number): number => {
    const value = Number(text(name) ?? otherwise)
    if (!Number.isInteger(value) || value < 1 || value > 65_535)
      problems.push(`${name} is '${env[name]}'; use a port from 1 to 65535`)
    return value
  }
  const days = (name: string, otherwise: number): number => {
    const value = Number(text(name) ?? otherwise)
    if (!Number.isInteger(value) || value < 90 || value > 36_500)
      problems.push(`${name} is '${env[name]}'; use a number of days from 90: a payment can come back for sixty`)
    return value
  }
  const origin = (name: string, otherwise: string): string => {
    const value = text(name) ?? otherwise
    const url = URL.canParse(value) ? new URL(value) : undefined
    if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash)
      problems.push(`${name} is '${value}'; use an origin such as https://pay.example`)
    else if (production && url.protocol !== 'https:') problems.push(`${name} is '${value}'; production needs https`)
    return url?.origin ?? value
  }
  const neededInProduction = (name: string, why: string) => {
    if (production && !text(name)) problems.push(`${name} is missing; production brings its own ${why}`)
  }
  neededInProduction('DATABASE_URL', 'PostgreSQL')
  neededInProduction('RIALTO_VAULT_KEYS', 'encryption keys')
  neededInProduction('RIALTO_BANK_CLIENT_KEY', 'key for signing in at banks')
  neededInProduction('RIALTO_BANKS', 'list of banks')
  neededInProduction('RIALTO_ORIGINATING_BANKS', 'list of originating banks')
  neededInProduction('RIALTO_API_URL', 'public address')
  neededInProduction('RIALTO_CLIENT_URL', 'public address of the hosted flow')

  const apiPort = port('RIALTO_API_PORT', 4000)
  const clientPort = port('RIALTO_CLIENT_PORT', 4001)
  const sandboxPort = port('SANDBOX_PORT', 4010)
  const storePort = port('STORE_PORT', 4020)
  const databaseUrl = text('DATABASE_URL')
  if (databaseUrl && !/^postgres(ql)?:\/\//.test(databaseUrl))
    problems.push('DATABASE_URL is not a PostgreSQL address; use postgres://user:password@host:5432/name')
  const file = (name: string) => {
    const path = text(name)
    return path && (isAbsolute(path) ? path : resolve(path))
  }
  const dataDir = resolve(text('RIALTO_DATA_DIR') ?? './data')
  const config: Config = {
    environment: environment as Config['environment'],
    dataDir,
    databaseUrl,
    host: text('RIALTO_HOST') ?? '127.0.0.1',
    apiPort,
    clientPort,
    apiUrl: origin('RIALTO_API_URL', `http://localhost:${apiPort}`),
    clientUrl: origin('RIALTO_CLIENT_URL', `http://localhost:${clientPort}`),
    vaultKeys: vaultKeys(text('RIALTO_VAULT_KEYS'), problems),
    bankClientKey: bankClientKey(text('RIALTO_BANK_CLIENT_KEY'), problems),
    banksFile: file('RIALTO_BANKS'),
    originatingBanksFile: file('RIALTO_ORIGINATING_BANKS'),
    reportsDir: resolve(text('RIALTO_REPORTS') ?? join(dataDir, 'reports')),
    // On a laptop the merchant's own program is the receiver.
    outboundAllow: allowed(text('RIALTO_OUTBOUND_ALLOW') ?? (production ? '' : '127.0.0.0/8 ::1'), problems),
    eventsKeptDays: days('RIALTO_EVENTS_KEPT_DAYS', 400),
    smtpUrl: smtp(text('RIALTO_SMTP_URL'), problems),
    mailFrom: text('RIALTO_MAIL_FROM') ?? 'Rialto <rialto@localhost>',
    sandboxUrl: origin('SANDBOX_URL', `http://localhost:${sandboxPort}`),
    storeUrl: `http://localhost:${storePort}`,
    logLevel: text('RIALTO_LOG_LEVEL') ?? 'info',
  }
  return problems.length > 0 ? { problems } : config
}

/** `id:base64 id:base64 …`: the first seals, all open. */
function vaultKeys(text: string | undefined, problems: string[]): Config['vaultKeys'] {
  if (!text) return undefined
  const keys = text.split(/[\s,]+/).map((part): VaultKey => {
    const [id = '', base64 = ''] = part.split(':')
    return { id, bytes: Buffer.from(base64, 'base64') }
  })
  const [first, ...rest] = keys
  if (!first || keys.some(({ id, bytes }) => !id || bytes.length !== 32)) {
    problems.push(
      'RIALTO_VAULT_KEYS is not right; use id:key, the key being 32 bytes in base64 (openssl rand -base64 32)',
    )
    return undefined
  }
  return [first, ...rest]
}

function smtp(text: string | undefined, problems: string[]): string | undefined {
  if (text && !(URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol)))
    problems.push('RIALTO_SMTP_URL is not the address of a mail server; use smtps://user:password@mail.example:465')
  return text
}

function allowed(text: string, problems: string[]): readonly string[] {
  const list = parseAllowedAddresses(text)
  if ('ranges' in list) return list.ranges
  problems.push(...list.problems.map((problem) => `RIALTO_OUTBOUND_ALLOW: ${problem}`))
  return []
}

function bankClientKey(text: string | undefined, problems: string[]): Config['bankClientKey'] {
  if (!text) return undefined
  try {
    const jwk = JSON.parse(text) as Record<string, unknown>
    if (jwk.kty === 'EC' && jwk.crv === 'P-256' && typeof jwk.d === 'string' && typeof jwk.kid === 'string') return jwk
  } catch {
    // Said below, without the text: it is a secret.
  }
  problems.push('RIALTO_BANK_CLIENT_KEY is not right; use a private P-256 JWK with a kid')
  return undefined
}
