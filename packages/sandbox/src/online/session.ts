import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Bank } from '../banks/bank.ts'
import { type Customer, findCustomer } from '../banks/customer.store.ts'
import { setCookie } from '../pages/browser.ts'
import type { World } from '../world.ts'
import { deleteSession, findSession, insertSession } from './session.store.ts'

const SESSION_LIVES_MS = 15 * 60_000

const cookieOf = (bank: Bank): string => `${bank.slug}_online`

/** Lets a customer into online banking for a quarter of an hour. */
export async function openSession(world: World, bank: Bank, reply: FastifyReply, customer: Customer): Promise<void> {
  const secret = world.newSecret()
  const expiresAt = new Date(world.realNow().getTime() + SESSION_LIVES_MS)
  await insertSession(world.sql, { secret, bank: bank.slug, customerId: customer.id, expiresAt })
  setCookie(world, reply, cookieOf(bank), secret, `/${bank.slug}`)
}

/** The customer who is signed in to online banking in this browser. */
export async function customerOf(world: World, bank: Bank, request: FastifyRequest): Promise<Customer | undefined> {
  const secret = request.cookies[cookieOf(bank)]
  const id = secret && (await findSession(world.sql, bank.slug, secret, world.realNow()))
  return id ? findCustomer(world.sql, bank.slug, id) : undefined
}

/** Ends the session here and in the database, so that a copied cookie is worth nothing. */
export async function endSession(
  world: World,
  bank: Bank,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const secret = request.cookies[cookieOf(bank)]
  if (secret) await deleteSession(world.sql, secret)
  reply.clearCookie(cookieOf(bank), { path: `/${bank.slug}` })
}
