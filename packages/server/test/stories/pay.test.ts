import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../test-api.ts'

let t: TestApi
beforeAll(async () => {
  t = await openTestApi()
})
afterAll(() => t.close())

it('pays: token, session, hosted flow, customer, payment authorized', async () => {
  const { customerId, view } = await t.merchant.link({ email: 'first@example.com' })
  expect(view).toMatchObject({ page: 'done', returnTo: `https://shop.example/done?cart=7&status=200&customerId=${customerId}` })
  const customer = await t.merchant.get(`/v1/customers/${customerId}`)
  expect(customer.body).toMatchObject({ customerStatus: 'ACTIVE', email: 'first@example.com' })
  const paid = await t.merchant.pay(customerId, 19.99, { clientReferenceId: 'order-1', softDescriptor: 'Shop, Inc.' })
  expect(paid).toMatchObject({ status: 200 })
  expect(paid.body).toEqual({ paymentId: expect.any(String), paymentStatus: 'AUTHORIZED', clientReferenceId: 'order-1' })
})
