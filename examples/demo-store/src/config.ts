export type StoreConfig = Readonly<{
  host: string
  port: number
  /** Where browsers find the shop. Left out: `http://localhost:` and the port it got. */
  storeUrl?: string
  /** The platform's API, which only this backend calls. */
  apiUrl: string
  /** The platform's hosted linking flow, where customers are sent and the browser SDK comes from. */
  clientUrl: string
  clientId: string
  clientSecret: string
  merchantId: string
  /** Path of the SQLite file, or `:memory:`. */
  databasePath: string
}>

type Env = Readonly<Record<string, string | undefined>>

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** The only reader of the environment. Returns every problem at once, each with its repair. */
export function readConfig(env: Env): StoreConfig | { problems: string[] } {
  const problems: string[] = []
  const need = (name: string): string => env[name]?.trim() ?? ''
  const missing = ['RIALTO_CLIENT_ID', 'RIALTO_CLIENT_SECRET', 'RIALTO_MERCHANT_ID'].filter((name) => !need(name))
  if (missing.length > 0)
    problems.push(
      `The demo store needs ${listed(missing)}: \`npm run up\` sets them, or take them from the merchant portal.`,
    )

  const origin = (name: string, fallback: string): string => {
    const text = env[name] || fallback
    if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, '')
    problems.push(`${name} is '${text}'; use an absolute URL such as ${fallback}.`)
    return fallback
  }
  const port = Number(env.PORT || 4020)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    problems.push(`PORT is '${env.PORT}'; use a whole number from 0 to 65535.`)

  const config: StoreConfig = {
    host: env.HOST || '127.0.0.1',
    port,
    ...(env.STORE_URL ? { storeUrl: origin('STORE_URL', 'http://localhost:4020') } : {}),
    apiUrl: origin('RIALTO_API_URL', 'http://localhost:4000'),
    clientUrl: origin('RIALTO_CLIENT_URL', 'http://localhost:4001'),
    clientId: need('RIALTO_CLIENT_ID'),
    clientSecret: need('RIALTO_CLIENT_SECRET'),
    merchantId: need('RIALTO_MERCHANT_ID'),
    databasePath: env.STORE_DATABASE || './data/demo-store.sqlite',
  }
  return problems.length > 0 ? { problems } : config
}
