import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import type { Institution } from '../bank-connector.ts'

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })

const Common = {
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$' }),
  number: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
  name: Text(100),
  domain: Text(253),
  monogram: Text(3),
  color: Type.String({ pattern: '^#[0-9a-fA-F]{6}$' }),
  popularity: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  signIn: Type.Enum(['redirect', 'credentials']),
  notice: Type.Optional(Type.Union([Text(80), Type.Null()])),
  /** As the discovery document says it, letter for letter. */
  issuer: Text(500),
  fdxBase: Text(500),
  fdxVersion: Type.Enum([5, 6]),
  clientId: Text(255),
  scopes: Type.Array(Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,100}$' }), { minItems: 1, maxItems: 20 }),
  tokenAuth: Type.Enum(['private_key_jwt', 'client_secret_basic']),
  clientSecret: Type.Optional(Text(500)),
  /** Push the request to the bank first. Needs the bank to have that endpoint. */
  par: Type.Boolean(),
  pkce: Type.Literal(true),
  /** What is asked for as `authorization_details`, in FDX's clusters. Absent: the bank goes by scopes alone. */
  dataClusters: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Z_]{1,40}$' }), { minItems: 1, maxItems: 10 })),
  /** The API the tokens are for (RFC 8707), where the bank wants it named. */
  audience: Type.Optional(Text(500)),
  /** Sent as FDX-API-Data-Recipient-Id and FDX-API-Data-Provider-Id, where the bank wants them. */
  dataRecipientId: Type.Optional(Text(100)),
  dataProviderId: Type.Optional(Text(100)),
}
const FdxBankSettings = Type.Object(Common, { additionalProperties: false })
type FdxBankSettings = Static<typeof FdxBankSettings>

/** One bank: what customers see of it, and the dialect it speaks. */
export type FdxBank = Institution & Readonly<Omit<FdxBankSettings, 'notice'>>

/**
 * Reads the list of banks. Returns every problem at once, in words an operator can act on. Addresses must be https
 * unless `allowInsecure`, which only a laptop does.
 */
export function parseBanks(json: unknown, { allowInsecure = false } = {}): FdxBank[] | { problems: string[] } {
  if (!Array.isArray(json)) return { problems: ['the list of banks is not a JSON array'] }
  const problems: string[] = []
  const banks: FdxBank[] = []
  for (const [index, item] of json.entries()) {
    const called = nameOf(item, index)
    if (!Value.Check(FdxBankSettings, item)) {
      problems.push(...shapeProblems(item).map((problem) => `${called}: ${problem}`))
      continue
    }
    problems.push(...senseProblems(item, allowInsecure).map((problem) => `${called}: ${problem}`))
    banks.push({ ...item, notice: item.notice ?? null })
  }
  problems.push(...repeated(banks, 'id'), ...repeated(banks, 'number'))
  return problems.length > 0 ? { problems } : banks
}

const nameOf = (item: unknown, index: number): string =>
  typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string'
    ? `bank '${item.id.slice(0, 64)}'`
    : `bank number ${index + 1}`

/** One line per member. The value is not repeated: it may be a secret. */
function shapeProblems(item: unknown): string[] {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return ['is not a JSON object']
  const unknown = Object.keys(item).filter((key) => !Object.hasOwn(Common, key))
  const missing = FdxBankSettings.required.filter((key) => !Object.hasOwn(item, key))
  const wrong = (Object.keys(item) as (keyof typeof Common)[]).flatMap((key) => {
    const schema = Object.hasOwn(Common, key) ? Common[key] : undefined
    if (schema === undefined || Value.Check(schema, (item as Record<string, unknown>)[key])) return []
    return [`${key} ${expectation(schema)}`]
  })
  return [
    ...unknown.map((key) => `${key.slice(0, 64)} is not a setting`),
    ...missing.map((key) => `${key} is missing`),
    ...wrong,
  ]
}

function expectation(schema: object): string {
  if ('enum' in schema && Array.isArray(schema.enum)) return `must be ${schema.enum.join(' or ')}`
  if ('const' in schema) return `must be ${String(schema.const)}`
  if ('pattern' in schema) return `must match ${String(schema.pattern)}`
  if ('type' in schema && schema.type === 'array') return 'must be a list of names'
  if ('type' in schema && schema.type === 'string' && 'maxLength' in schema)
    return `must be a text of 1 to ${String(schema.maxLength)} characters`
  if ('type' in schema && schema.type === 'integer') return 'must be a whole number in range'
  return `must be a ${'type' in schema ? String(schema.type) : 'text or null'}`
}

function senseProblems(bank: FdxBankSettings, allowInsecure: boolean): string[] {
  const problems: string[] = []
  for (const key of ['issuer', 'fdxBase'] as const) {
    const url = URL.canParse(bank[key]) ? new URL(bank[key]) : undefined
    if (
      !url ||
      !['https:', 'http:'].includes(url.protocol) ||
      url.search !== '' ||
      url.hash !== '' ||
      url.username !== ''
    )
      problems.push(`${key} must be an absolute URL without user, query and fragment`)
    else if (url.protocol === 'http:' && !allowInsecure) problems.push(`${key} must be https`)
  }
  if (bank.tokenAuth === 'client_secret_basic' && bank.clientSecret === undefined)
    problems.push('clientSecret is missing; tokenAuth client_secret_basic needs it')
  if (bank.tokenAuth === 'private_key_jwt' && bank.clientSecret !== undefined)
    problems.push('clientSecret is not used with tokenAuth private_key_jwt; take it out')
  return problems
}

function repeated(banks: readonly FdxBank[], key: 'id' | 'number'): string[] {
  const seen = new Set<string | number>()
  const again = banks.map((bank) => bank[key]).filter((value) => seen.size === seen.add(value).size)
  return [...new Set(again)].map((value) => `${key} ${value} is used twice`)
}

/** What may be shown of a bank. The rest of its settings stays inside: there may be a secret among them. */
export const toInstitution = (bank: FdxBank): Institution => ({
  id: bank.id,
  number: bank.number,
  name: bank.name,
  domain: bank.domain,
  monogram: bank.monogram,
  color: bank.color,
  popularity: bank.popularity,
  signIn: bank.signIn,
  notice: bank.notice,
})
