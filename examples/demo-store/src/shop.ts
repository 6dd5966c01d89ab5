import type { Rialto } from '@rialto/node-sdk'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Cart, readCart } from './carts.ts'
import type { Database } from './database.ts'
import type { Html } from './html.ts'
import { type Frame, page } from './pages.frame.ts'
import type { Till } from './payments.ts'
import type { Person } from './people.ts'
import { csrfToken, type Visit } from './visits.ts'

declare module 'fastify' {
  interface FastifyRequest {
    visit: Visit
    nonce: string
  }
}

/** What every part of the shop is lent. */
export type Shop = Readonly<{
  db: Database
  rialto: Rialto
  till: Till
  now: () => number
  log: (line: string) => void
  /** Where the browser finds us; known once we listen. */
  url: () => string
  sdkUrl: string
}>

/** A no that is shown to the person as a page. */
export class ShopError extends Error {
  readonly statusCode: number
  readonly title: string
  constructor(statusCode: number, title: string, message: string) {
    super(message)
    this.statusCode = statusCode
    this.title = title
  }
}

export const cartOf = (shop: Shop, request: FastifyRequest): Cart => readCart(shop.db, request.visit.key)

/** Refuses with the sign-in page when nobody is signed in; they come back to where they were going. */
export class SignInFirst extends Error {
  readonly next: string
  constructor(next: string) {
    super('Sign in first.')
    this.next = next
  }
}
export function personOf(request: FastifyRequest, next: string): Person {
  if (request.visit.person) return request.visit.person
  throw new SignInFirst(next)
}

const nextPages = /^\/(?:checkout|cart|account|orders(?:\/NW-\d{4,12})?)?$/

/** Only pages of ours, so that a link cannot use the shop to send somebody elsewhere. */
export const safeNext = (given: unknown): string => (typeof given === 'string' && nextPages.test(given) ? given : '/')

type Shown = { title: string; status?: number; notice?: Frame['notice']; scripts?: readonly string[] }

export function show(shop: Shop, request: FastifyRequest, reply: FastifyReply, shown: Shown, body: Html): FastifyReply {
  const { title, status = 200, notice, scripts = [] } = shown
  const { visit, nonce } = request
  const frame = { title, notice, scripts, nonce, csrf: csrfToken(visit), person: visit.person }
  const text = page({ ...frame, cartCount: cartOf(shop, request).count, path: request.url }, body).text
  return reply.code(status).type('text/html; charset=utf-8').send(text)
}

/** One member of a posted form, trimmed and no longer than it may be. */
export function field(request: FastifyRequest, name: string, longest = 200): string {
  const value = (request.body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value.trim().slice(0, longest) : ''
}
