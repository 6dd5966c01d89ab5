import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { World } from '../world.ts'
import { type Html, html } from './html.ts'
import { type Page, renderPage } from './layout.ts'

const seedName = 'form_seed'

export type Form = Readonly<Record<string, string | readonly string[] | undefined>>

export const field = (form: Form, name: string): string => {
  const value = form[name]
  return typeof value === 'string' ? value : (value?.[0] ?? '')
}

export const fields = (form: Form, name: string): readonly string[] => {
  const value = form[name]
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

export const sendPage = (reply: FastifyReply, page: Page, status = 200): FastifyReply => {
  const { html: text, headers } = renderPage(page)
  return reply.code(status).headers(headers).send(text)
}

const cookieOptions = (world: World) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: world.url.startsWith('https:') }) as const

export const setCookie = (world: World, reply: FastifyReply, name: string, value: string, path: string): void => {
  reply.setCookie(name, value, { ...cookieOptions(world), path })
}

const sign = (world: World, seed: string): string =>
  createHmac('sha256', world.keys.forms).update(seed).digest('base64url')

/** A name for this browser, which forms and codes belong to. Made on first sight. */
export function browserOf(world: World, request: FastifyRequest, reply: FastifyReply): string {
  const known = request.cookies[seedName]
  if (known && /^[\w-]{43}$/.test(known)) return known
  const fresh = world.newSecret()
  request.cookies[seedName] = fresh
  reply.setCookie(seedName, fresh, cookieOptions(world))
  return fresh
}

/** The hidden field every form carries. Only this browser can be made to send it back. */
export const formToken = (world: World, request: FastifyRequest, reply: FastifyReply): Html =>
  html`<input type="hidden" name="form_token" value="${sign(world, browserOf(world, request, reply))}">`

/** True when the form was made by us for this very browser. */
export function isOurForm(world: World, request: FastifyRequest, form: Form): boolean {
  const seed = request.cookies[seedName]
  if (!seed) return false
  const [given, expected] = [Buffer.from(field(form, 'form_token')), Buffer.from(sign(world, seed))]
  return given.length === expected.length && timingSafeEqual(given, expected)
}
