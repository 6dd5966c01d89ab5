import type { FastifyInstance } from 'fastify'
import { addToCart, setQuantity } from './carts.ts'
import { findProduct, type Product } from './catalog.ts'
import { noticeOf } from './notices.ts'
import { cartPage, shopPage } from './pages.shop.ts'
import { cartOf, field, type Shop, ShopError, show } from './shop.ts'
import { csrfToken, keepVisit } from './visits.ts'

function productOf(id: string): Product {
  const product = findProduct(id)
  if (product) return product
  throw new ShopError(404, 'Not on our shelves', 'We do not sell that, or not any more.')
}

/** The shelves and the cart. */
export function shopRoutes(app: FastifyInstance, shop: Shop): void {
  app.get('/health', () => ({ status: 'alive' }))

  app.get('/', (request, reply) =>
    show(
      shop,
      request,
      reply,
      { title: 'Coffee and gear', notice: noticeOf(request.query) },
      shopPage(csrfToken(request.visit)),
    ),
  )

  app.get('/cart', (request, reply) => {
    const body = cartPage(cartOf(shop, request), csrfToken(request.visit))
    return show(shop, request, reply, { title: 'Cart', notice: noticeOf(request.query) }, body)
  })

  app.post('/cart', (request, reply) => {
    const product = productOf(field(request, 'product'))
    keepVisit(shop.db, request.visit.key, shop.now())
    addToCart(shop.db, request.visit.key, product)
    return reply.redirect('/cart', 303)
  })

  app.post('/cart/quantity', (request, reply) => {
    const quantity = Number(field(request, 'quantity'))
    if (!Number.isInteger(quantity))
      throw new ShopError(400, 'That is not a quantity', 'Use a whole number, such as 2.')
    setQuantity(shop.db, request.visit.key, productOf(field(request, 'product')), quantity)
    return reply.redirect('/cart', 303)
  })
}
