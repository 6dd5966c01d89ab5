import { RialtoApiError, RialtoError } from '@rialto/node-sdk'
import type { FastifyInstance } from 'fastify'
import type { Person } from './people.ts'
import { setBankCustomer } from './people.ts'
import { isUnknown, whyOf } from './platform.ts'
import { personOf, type Shop, ShopError, safeNext } from './shop.ts'
import { hashOf, newSecret } from './visits.ts'

// The platform's session lives thirty minutes; whoever comes back later must begin again.
const linkLifeMs = 45 * 60_000

type LinkRow = { personId: number; next: string }

const withNote = (next: string, note: string): string => `${next}?note=${note}`

/** Sending a customer to the hosted flow, and what they come back with. */
export function bankRoutes(app: FastifyInstance, shop: Shop): void {
  const findLink = (state: string): LinkRow | undefined =>
    shop.db
      .prepare('select person_id personId, next from bank_link where state_hash = ? and expires_at > ?')
      .get(hashOf(state), shop.now()) as LinkRow | undefined
  const useUp = (state: string) => shop.db.prepare('delete from bank_link where state_hash = ?').run(hashOf(state))

  function beginLink(person: Person, next: string): string {
    const state = newSecret()
    shop.db.prepare('delete from bank_link where expires_at <= ?').run(shop.now())
    shop.db
      .prepare('insert into bank_link (state_hash, person_id, next, expires_at) values (?, ?, ?, ?)')
      .run(hashOf(state), person.id, next, shop.now() + linkLifeMs)
    return state
  }

  /**
   * A session key for the person who is signed in, and for nobody else: name and email come from their account,
   * never from the request. The access token stays here.
   */
  app.post('/api/link-session', async (request, reply) => {
    const { person } = request.visit
    if (!person) return reply.code(401).send({ message: 'Sign in first.' })
    const next = safeNext((request.body as { next?: unknown } | undefined)?.next)
    try {
      const { firstName, lastName, email } = person
      const { sessionKey } = await shop.rialto.sessions.create({ firstName, lastName, email, product: 'PAY' })
      const redirect = `${shop.url()}/bank/linked?state=${beginLink(person, next)}`
      return { sessionKey, redirect }
    } catch (error) {
      if (!(error instanceof RialtoError)) throw error
      shop.log(`no linking session: ${whyOf(error)}`)
      return reply.code(503).send({ message: 'We cannot reach your bank link just now. Please try again in a minute.' })
    }
  })

  /** Whether the platform knows this customer, as linked, and under this person's email. */
  async function isTheirs(person: Person, customerId: string): Promise<boolean> {
    try {
      const { customerStatus, email } = await shop.rialto.customers.get(customerId)
      return customerStatus === 'ACTIVE' && email.toLowerCase() === person.email.toLowerCase()
    } catch (error) {
      if (error instanceof RialtoApiError && error.status >= 400 && error.status < 500) return false
      throw error
    }
  }

  app.get('/bank/linked', async (request, reply) => {
    const query = request.query as Record<string, unknown>
    const [state, status, customerId] = ['state', 'status', 'customerId'].map((name) => String(query[name] ?? ''))
    const person = personOf(request, '/account')
    const link = findLink(state ?? '')
    if (!state || !link || link.personId !== person.id)
      throw new ShopError(
        403,
        'This return is not yours to use',
        'It was used before, is too old, or began in another browser. Nothing was linked; begin again from your cart.',
      )

    if (status !== '200') {
      useUp(state)
      return reply.redirect(withNote(link.next, status === '204' ? 'left' : 'link-failed'), 303)
    }
    // The address bar is the customer's to edit, so the platform is asked before its word is taken.
    const theirs = /^[\w-]{36}$/.test(customerId ?? '') && (await isTheirs(person, customerId!))
    useUp(state)
    if (!theirs) return reply.redirect(withNote(link.next, 'link-refused'), 303)
    setBankCustomer(shop.db, person.id, customerId!)
    return reply.redirect(withNote(link.next, 'linked'), 303)
  })

  app.post('/bank/unlink', async (request, reply) => {
    const person = personOf(request, '/account')
    if (!person.bankCustomerId) return reply.redirect('/account', 303)
    try {
      await shop.rialto.customers.delete(person.bankCustomerId)
    } catch (error) {
      if (!(error instanceof RialtoError)) throw error
      if (!isUnknown(error)) return reply.redirect(withNote('/account', 'unlink-failed'), 303)
    }
    setBankCustomer(shop.db, person.id, null)
    return reply.redirect(withNote('/account', 'unlinked'), 303)
  })
}
