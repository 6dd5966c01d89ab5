import { transact } from '../src/db/connect.ts'
import { announce } from '../src/webhooks/event.commands.ts'
import type { EventType } from '../src/webhooks/event.ts'
import type { Answer } from './answer.ts'
import type { TestApi, TestMerchant } from './test-api.ts'

export const secretKey = 'a secret of the merchant, long enough'
export const subscriptions = '/v1/webhook/subscriptions'

/** Something about a payment, its own unless one is named; answers the payment's id. */
export async function happen(
  t: TestApi,
  merchant: TestMerchant,
  type: EventType,
  resourceId: string = t.house.newId(),
): Promise<string> {
  const data = { transactionType: 'DEBIT', clientReferenceId: 'order-1' }
  await transact(t.house.sql, (tx) =>
    announce(t.house, tx, [{ type, merchantId: merchant.id, resourceType: 'payment', resourceId, data }]),
  )
  return resourceId
}

/** So many events have happened, and are no longer kept: only their places are. */
export const forgotten = (t: TestApi, merchant: TestMerchant, many: number) =>
  t.house.sql`
    with counted as (insert into event_counter (merchant_id, last) values (${merchant.id}, ${many}))
    insert into event_sequence (merchant_id, sequence, event_id, type, resource_id, resource_version, happened_at)
    select ${merchant.id}, place, gen_random_uuid(), 'payment.created', gen_random_uuid(), 1,
      ${t.clock.now}::timestamptz - interval '500 days'
    from generate_series(1, ${many}::int) as place`

/** Subscribes to everything unless the test says otherwise. */
export const subscribe = (merchant: TestMerchant, url: string, more: object = {}): Promise<Answer> =>
  merchant.call('POST', '/v1/webhook/subscribe', {
    body: { url, secretKey, subscriptionDetails: { type: 'ALL', details: [] }, ...more },
  })

export const subscribed = async (merchant: TestMerchant, url: string, more: object = {}): Promise<string> =>
  String((await subscribe(merchant, url, more)).body.subscriptionKey)
