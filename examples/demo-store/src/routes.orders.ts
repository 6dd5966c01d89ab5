import { randomUUID } from 'node:crypto'
import { type AccountDetails, RialtoError } from '@rialto/node-sdk'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { noticeOf } from './notices.ts'
import { findOrder, findOrderOfCheckout, listOrders, type Order, orderNumber, placeOrder, tryAgain } from './orders.ts'
import { checkoutPage } from './pages.checkout.ts'
import { orderPage, ordersPage } from './pages.orders.ts'
import type { Person } from './people.ts'
import { setBankCustomer } from './people.ts'
import { isUnknown, whyOf } from './platform.ts'
import { cartOf, field, personOf, type Shop, ShopError, show } from './shop.ts'
import { csrfToken } from './visits.ts'

const fewestRefreshed = 10

/** Checkout, paying, and what became of it. */
export function orderRoutes(app: FastifyInstance, shop: Shop): void {
  /** The account a payment would come from; undefined when none is linked any more. */
  async function bankOf(person: Person): Promise<AccountDetails | undefined> {
    if (!person.bankCustomerId) return undefined
    try {
      const { customerStatus, accountDetails } = await shop.rialto.customers.get(person.bankCustomerId)
      if (customerStatus === 'ACTIVE' && accountDetails) return accountDetails
    } catch (error) {
      if (!(error instanceof RialtoError)) throw error
      if (!isUnknown(error)) {
        shop.log(`no customer: ${whyOf(error)}`)
        throw new ShopError(503, 'We cannot reach your bank link', 'Your cart is safe. Please try again in a minute.')
      }
    }
    setBankCustomer(shop.db, person.id, null)
    return undefined
  }

  function orderOf(request: FastifyRequest, person: Person): Order {
    const order = findOrder(shop.db, person.id, (request.params as { number: string }).number)
    if (order) return order
    throw new ShopError(404, 'No such order', 'Check the number, or look through your orders.')
  }

  app.get('/checkout', async (request, reply) => {
    const person = personOf(request, '/checkout')
    const cart = cartOf(shop, request)
    if (cart.lines.length === 0) return reply.redirect('/cart', 303)
    const bank = await bankOf(person)
    const ended = person.bankCustomerId !== null && !bank
    const form = { csrf: csrfToken(request.visit), checkoutKey: randomUUID(), sdkUrl: shop.sdkUrl }
    const notice = noticeOf(ended ? { note: 'link-ended' } : request.query)
    const shown = { title: 'Checkout', notice, scripts: ['link-bank', 'pay-once'] }
    return show(shop, request, reply, shown, checkoutPage(cart, bank, form))
  })

  app.post('/checkout', async (request, reply) => {
    const person = personOf(request, '/checkout')
    const checkoutKey = field(request, 'checkoutKey')
    if (!/^[0-9a-f-]{36}$/.test(checkoutKey)) throw new ShopError(400, 'This form is not whole', 'Open the cart again.')
    const cart = cartOf(shop, request)
    // Nothing is awaited from here until the order stands, so two presses at once make one order.
    let id = findOrderOfCheckout(shop.db, person.id, checkoutKey)
    if (id === undefined) {
      if (cart.lines.length === 0) return reply.redirect('/cart', 303)
      if (!person.bankCustomerId) return reply.redirect('/checkout', 303)
      if (field(request, 'total') !== String(cart.total)) return reply.redirect('/checkout?note=cart-changed', 303)
      const { bankCustomerId } = person
      const wish = { personId: person.id, bankCustomerId, checkoutKey, visit: request.visit.key, cart }
      id = placeOrder(shop.db, wish, shop.now())
    }
    await shop.till.bringForward(id)
    return reply.redirect(`/orders/${orderNumber(id)}`, 303)
  })

  app.get('/orders', async (request, reply) => {
    const person = personOf(request, '/orders')
    const unfinished = listOrders(shop.db, person.id).filter(
      ({ attempt }) => attempt.status !== 'failed' && attempt.bankStatus !== 'SUCCEEDED',
    )
    await Promise.all(unfinished.slice(0, fewestRefreshed).map(({ id }) => shop.till.bringForward(id)))
    return show(shop, request, reply, { title: 'Orders' }, ordersPage(listOrders(shop.db, person.id)))
  })

  app.get('/orders/:number', async (request, reply) => {
    const { number } = request.params as { number: string }
    const person = personOf(request, `/orders/${number}`)
    await shop.till.bringForward(orderOf(request, person).id)
    const order = orderOf(request, person)
    const bank = order.attempt.status === 'failed' ? await bankOf(person) : undefined
    const form = { csrf: csrfToken(request.visit), sdkUrl: shop.sdkUrl }
    const scripts = ['link-bank', 'pay-once', 'watch-order']
    const shown = { title: `Order ${order.number}`, notice: noticeOf(request.query), scripts }
    return show(shop, request, reply, shown, orderPage(order, bank, form))
  })

  app.post('/orders/:number/pay', async (request, reply) => {
    const { number } = request.params as { number: string }
    const person = personOf(request, `/orders/${number}`)
    const order = orderOf(request, person)
    if (person.bankCustomerId) {
      // The form names the try it answers to, so pressing twice is one new try.
      if (field(request, 'after') === order.attempt.requestKey)
        tryAgain(shop.db, order, person.bankCustomerId, shop.now())
      await shop.till.bringForward(order.id)
    }
    return reply.redirect(`/orders/${order.number}`, 303)
  })

  app.get('/api/orders/:number', async (request, reply) => {
    if (!request.visit.person) return reply.code(401).send({ message: 'Sign in first.' })
    const order = orderOf(request, request.visit.person)
    await shop.till.bringForward(order.id)
    return { status: orderOf(request, request.visit.person).attempt.status }
  })
}
