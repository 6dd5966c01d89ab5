import type { JSONWebKeySet } from 'jose'
import { isScope, type Scope } from '../access/caller.ts'
import type { ApiClientId, Id, MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'

export type SecretId = Id<'secret'>

/** Of one merchant. */
export const mostClients = 50
export const mostRedirects = 100

/** Who is paid. A suspended merchant's clients get no tokens, and the tokens they have stop working. */
export type Merchant = Readonly<{
  id: MerchantId
  name: string
  status: 'active' | 'suspended'
  /** Shown to customers in the hosted flow. */
  /** A `data:` address, so that the hosted flow needs nobody else to show it. */
  logoUrl: string | undefined
  color: string | undefined
  supportUrl: string | undefined
  /** Some old integrations pay with a Link-Core token. */
  coreTokenMayPay: boolean
  createdAt: Date
}>

/** A program of the merchant's that may call us: by a secret, or by assertions that it signs. */
export type ApiClient = Readonly<{
  id: ApiClientId
  merchantId: MerchantId
  name: string
  status: 'active' | 'disabled'
  scopes: readonly Scope[]
  /** The public keys of a client that signs. Such a client has no secrets. */
  jwks: JSONWebKeySet | undefined
  /** The live ones, oldest first. */
  secrets: readonly Readonly<{ id: SecretId; hint: string; createdAt: Date }>[]
  createdAt: Date
}>

/** What the merchant is told once, and nobody can be told again. */
export type Credentials = Readonly<{ clientId: ApiClientId; secretId: SecretId; clientSecret: string }>

const refuse = (member: string, message: string): never => {
  throw new Refusal('invalid_request', { errors: [{ pointer: `/${member}`, code: 'invalid', message }] })
}

/** A name for people: 1 to 100 characters, without white space around it or control characters in it. */
export function nameFrom(text: string): string {
  const name = text.trim().normalize('NFC')
  if (name.length < 1 || name.length > 100) refuse('name', 'must have 1 to 100 characters')
  if (/\p{Cc}/u.test(name)) refuse('name', 'must not have control characters')
  return name
}

/** In the order of the catalogue, each once. At least one. */
export function scopesFrom(texts: readonly string[]): Scope[] {
  const chosen = [...new Set(texts)].map((text) =>
    isScope(text) ? text : refuse('scopes', `there is no scope ${text}`),
  )
  if (chosen.length === 0) refuse('scopes', 'must name at least one scope')
  return chosen.toSorted()
}

const mostLogoBytes = 16_384

/** A logo as a `data:` address: PNG, WebP or SVG, 16 kB at most. */
export function logoFrom(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const base64 = /^data:image\/(?:png|webp|svg\+xml);base64,([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1]
  if (base64 === undefined) return refuse('logoUrl', 'must be a data: address of a PNG, WebP or SVG image in base64')
  const bytes = Buffer.from(base64, 'base64').length
  if (bytes > mostLogoBytes) return refuse('logoUrl', `must have ${mostLogoBytes} bytes at most, not ${bytes}`)
  return text
}

/** An https address for a customer's browser: a support page. */
export function webAddressFrom(member: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  if (url?.protocol !== 'https:' || url.username !== '' || text.length > 2_000)
    refuse(member, 'must be an https address')
  return url?.href
}

export function colorFrom(text: string | undefined): string | undefined {
  const color = text?.toLowerCase()
  if (color !== undefined && !/^#[0-9a-f]{6}$/.test(color)) refuse('color', 'must be written like #1a2b3c')
  return color
}

const mostKeys = 10
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

/** A client's public keys: P-256, or RSA of 2048 bits and more. A private key is refused. */
export function jwksFrom(given: unknown): JSONWebKeySet {
  const keys = (given as { keys?: unknown } | null)?.keys
  if (!Array.isArray(keys) || keys.length < 1 || keys.length > mostKeys)
    return refuse('jwks', `must be {"keys": […]} with 1 to ${mostKeys} keys`)
  for (const key of keys as Record<string, unknown>[]) {
    if (typeof key !== 'object' || key === null) return refuse('jwks', 'must hold keys')
    if (privateMembers.some((member) => member in key))
      return refuse('jwks', 'holds a private key: make a new pair, and give us the public half only')
    const modulusBytes = Buffer.from(String(key.n ?? ''), 'base64url').length
    const usable = (key.kty === 'EC' && key.crv === 'P-256') || (key.kty === 'RSA' && modulusBytes >= 256)
    if (!usable) return refuse('jwks', 'must hold keys of kind EC P-256, or RSA with 2048 bits or more')
  }
  return { keys } as JSONWebKeySet
}
