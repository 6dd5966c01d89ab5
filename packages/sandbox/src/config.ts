/** Somebody who may ask the banks for data. */
export type Client = Readonly<{ clientId: string; name: string; jwksUri: string; redirectUris: readonly string[] }>

export type Config = Readonly<{
  databaseUrl: string
  host: string
  port: number
  url: string
  clients: readonly Client[]
  /** The folder in which the platform and its bank leave files for each other. */
  dropFolder: string
}>

/** The platform on a laptop, as docs/internals/outside-world.md publishes it. */
const defaultClients: readonly Client[] = [
  {
    clientId: 'rialto',
    name: 'Rialto',
    jwksUri: 'http://localhost:4000/.well-known/bank-client-jwks.json',
    redirectUris: ['http://localhost:4001/bank/return'],
  },
]

const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0
const isAddress = (value: unknown): value is string =>
  isText(value) && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)

function isClient(value: unknown): value is Client {
  if (typeof value !== 'object' || value === null) return false
  const { clientId, name, jwksUri, redirectUris } = value as Record<string, unknown>
  const addresses = Array.isArray(redirectUris) && redirectUris.length > 0 && redirectUris.every(isAddress)
  return isText(clientId) && isText(name) && isAddress(jwksUri) && addresses
}

function readClients(text: string | undefined): readonly Client[] | undefined {
  if (text === undefined) return defaultClients
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.length > 0 && value.every(isClient) ? value : undefined
  } catch {
    return undefined
  }
}

const isPostgresUrl = (text: string): boolean =>
  URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol) && new URL(text).pathname.length > 1

/** The only reader of the environment. Returns every problem at once, in words an operator can act on. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config | { problems: string[] } {
  const problems: string[] = []
  const databaseUrl = env.SANDBOX_DATABASE_URL ?? ''
  if (databaseUrl === '')
    problems.push('SANDBOX_DATABASE_URL is missing; use postgres://user:password@host:5432/rialto_sandbox')
  else if (!isPostgresUrl(databaseUrl))
    problems.push('SANDBOX_DATABASE_URL is not a PostgreSQL address that names a database')

  const port = Number(env.SANDBOX_PORT ?? 4010)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    problems.push(`SANDBOX_PORT is '${env.SANDBOX_PORT}'; use a number from 0 to 65535`)

  const url = env.SANDBOX_URL ?? `http://localhost:${port}`
  if (!isAddress(url) || new URL(url).pathname !== '/')
    problems.push(`SANDBOX_URL is '${url}'; use an origin such as http://localhost:4010, without a path`)

  const clients = readClients(env.SANDBOX_CLIENTS)
  if (!clients)
    problems.push('SANDBOX_CLIENTS is not JSON of the form [{"clientId","name","jwksUri","redirectUris":["http://…"]}]')

  const dropFolder = env.SANDBOX_DROP ?? './data/drop/meridian'
  if (dropFolder.trim() === '') problems.push('SANDBOX_DROP is empty; use a folder such as ./data/drop/meridian')

  if (problems.length > 0 || !clients) return { problems }
  return { databaseUrl, host: env.SANDBOX_HOST ?? '127.0.0.1', port, url: new URL(url).origin, clients, dropFolder }
}
