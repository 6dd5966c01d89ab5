/** What `rialto status --json` answers in sandbox. */
export type Status = Readonly<{
  environment: string
  ready: boolean
  urls: Readonly<{ api: string; client: string; docs: string; sandbox: string; demoStore: string }>
  merchant: Readonly<{ id: string; name: string }>
  client: Readonly<{ id: string; secret: string }>
  /** Null: the database is not ours to make another one in. */
  databases: Readonly<{ server: string; sandbox: string | null }>
}>

const widest = 80
const labelWidth = 16

/** What a person needs after `npm run up`, at most 80 columns wide; the first call can be copied whole. */
export function card(status: Status, options: Readonly<{ colour: boolean; demoStore: boolean }>): string {
  const { urls, merchant, client } = status
  const box = boxed('Rialto is running', [
    ...(options.demoStore ? [['Demo store', urls.demoStore] as const] : []),
    ['API', urls.api],
    ['API reference', urls.docs],
    ['Hosted flow', urls.client],
    ['Pretend banks', urls.sandbox],
    undefined,
    ['Merchant', merchant.name],
    ['Merchant id', merchant.id],
    ['Client id', client.id],
    ['Client secret', client.secret],
    undefined,
    ['Test logins', 'the password is the user name, at every bank'],
    ['  profile_522', 'pays up to $9,000'],
    ['  profile_08', 'has no funds'],
    ['  others', 'docs/guides/sandbox-banks.md'],
  ])
  const call = ['A first call:', '', ...firstCall(status).map((line) => `  ${line}`), '', 'Ctrl-C stops everything.']
  const text = [...box, '', ...call]
  return `\n${(options.colour ? text.map(coloured) : text).join('\n')}\n`
}

export function firstCall({ urls, client }: Status): string[] {
  return [
    `curl ${urls.api}/v1/tokens \\`,
    '  -d grant_type=client_credentials \\',
    '  -d scope=Link-Payment \\',
    `  -d client_id=${client.id} \\`,
    `  -d client_secret=${client.secret}`,
  ]
}

/** Undefined rows are empty lines. A value too long for its place goes on a line of its own, whole. */
function boxed(title: string, rows: readonly (readonly [string, string] | undefined)[]): string[] {
  const inside = widest - 4
  const lines = rows.flatMap((row) => {
    if (!row) return ['']
    const [label, value] = row
    const line = `${label.padEnd(labelWidth)}${value}`
    return line.length <= inside ? [line] : [label, `  ${value}`]
  })
  const width = Math.max(title.length + 4, ...lines.map((line) => line.length))
  return [
    `┌─ ${title} ${'─'.repeat(width - title.length - 1)}┐`,
    ...lines.map((line) => `│ ${line.padEnd(width)} │`),
    `└${'─'.repeat(width + 2)}┘`,
  ]
}

const dim = (text: string) => `\x1b[2m${text}\x1b[22m`
const bold = (text: string) => `\x1b[1m${text}\x1b[22m`

function coloured(line: string): string {
  if (line.startsWith('┌')) return line.replace(/^(┌─ )(.*?)( ─+┐)$/, (_, a, title, b) => dim(a) + bold(title) + dim(b))
  if (line.startsWith('└')) return dim(line)
  if (!line.startsWith('│')) return line
  const [label, value] = [line.slice(2, 2 + labelWidth), line.slice(2 + labelWidth, -1)]
  return `${dim('│')} ${dim(label)}${value}${dim('│')}`
}
