import { dollars } from '@rialto/node-sdk'
import { Money } from '../../kernel/money.ts'
import type { EventType } from '../../webhooks/event.ts'
import { secretOf } from '../../webhooks/secret.ts'
import { Refused } from './run.ts'
import type { Stage } from './trigger-stage.ts'

/** Makes it happen; answers what the event is about, where that is known. */
type Recipe = (stage: Stage) => Promise<string | undefined>

/** Above what the pretend banks' customers may pay at once. */
const tooMuch = Money.of(1_000_000n)
/** Nobody listens on this port. */
const deadAddress = 'http://127.0.0.1:9/rialto-trigger'

/** Each event there is, made to happen by the calls a merchant would make. Forgetting one does not compile. */
export const recipes: Readonly<Record<EventType, Recipe>> = {
  'payment.created': async (stage) => (await stage.pay()).paymentId,
  'payment.authorized': (stage) => stage.payApproved(),
  'payment.pending': async (stage) => {
    const paymentId = await stage.payApproved()
    return refund(stage, paymentId, 'half of it is refunded before it has settled: the refund waits')
  },
  'payment.held': held,
  'payment.scheduled': (stage) => paidUntil(stage, 'payment.scheduled'),
  'payment.initiated': (stage) => paidUntil(stage, 'payment.initiated'),
  'payment.succeeded': (stage) => paidUntil(stage, 'payment.succeeded'),
  'payment.failed': (stage) => (stage.options.declined ? declined(stage) : returned(stage)),
  'payment.canceled': async (stage) => {
    const { paymentId } = await stage.pay()
    stage.say('it is canceled')
    await stage.rialto.payments.cancel(paymentId)
    return paymentId
  },
  'payment.disbursed': (stage) => paidUntil(stage, 'payment.disbursed'),
  'payment.double_refund_risk': async (stage) => {
    const paymentId = await paidUntil(stage, 'payment.succeeded')
    const refundId = await refund(stage, paymentId, 'half of it is refunded')
    await stage.turnUntil('payment.initiated', refundId)
    await comeBack(stage, paymentId, 'R10')
    return paymentId
  },
  'customer.created': (stage) => stage.linkNew(),
  'customer.activated': (stage) => stage.linkNew(),
  'customer.account.linked': async (stage) => {
    await stage.linkNew()
    return undefined
  },
  'customer.deactivated': (stage) => letGo(stage),
  'customer.account.deactivated': async (stage) => {
    await letGo(stage)
    return undefined
  },
  'report.available': async (stage) => {
    await stage.turnUntil('report.available', undefined, 'P8D')
    return undefined
  },
  'webhook.failing': (stage) => failingFor(stage, 'webhook.failing', 'P1D'),
  'webhook.disabled': (stage) => failingFor(stage, 'webhook.disabled', 'P6D'),
}

async function paidUntil(stage: Stage, type: EventType): Promise<string> {
  const paymentId = await stage.payApproved()
  await stage.turnUntil(type, paymentId)
  return paymentId
}

async function held(stage: Stage): Promise<string> {
  const { paymentId, paymentStatus } = await stage.pay()
  if (paymentStatus === 'HELD') return paymentId
  await stage.rialto.payments.cancel(paymentId)
  throw new Refused(
    'Your payments are not held, which only the operator can change; the payment was canceled.\n' +
      `  rialto merchant set ${await stage.merchantId()} --hold-payments on`,
  )
}

async function declined(stage: Stage): Promise<string> {
  const { paymentId, paymentStatus } = await stage.pay(tooMuch)
  if (paymentStatus === 'TERMINAL_FAILED') return paymentId
  await stage.rialto.payments.cancel(paymentId)
  throw new Refused(`${Money.format(tooMuch)} was not declined; the payment was canceled.`)
}

async function returned(stage: Stage): Promise<string> {
  const paymentId = await paidUntil(stage, 'payment.succeeded')
  await comeBack(stage, paymentId, stage.options.returnCode)
  return paymentId
}

async function comeBack({ rialto, say }: Stage, id: string, code: string): Promise<void> {
  say(`the customer's bank sends it back: ${code}`)
  await rialto.call('POST /v1/sandbox/payments/{id}/return', { params: { id }, body: { code } })
}

async function refund({ rialto, say, options }: Stage, paymentId: string, why: string): Promise<string> {
  say(why)
  const half = options.amount.minor / 2n
  const made = await rialto.refunds.create({ paymentId, amount: dollars(half > 0n ? half : 1n) })
  return made.paymentId
}

async function letGo(stage: Stage): Promise<string> {
  const customerId = await stage.linkNew()
  stage.say('the customer is let go')
  await stage.rialto.customers.delete(customerId)
  return customerId
}

/** A subscription to nobody, as long as it takes. */
async function failingFor(stage: Stage, type: EventType, atMost: string): Promise<string> {
  const { rialto, say, random } = stage
  say(`a webhook subscription of ${deadAddress}, where nobody listens`)
  const { subscriptionKey } = await rialto.webhookSubscriptions.subscribe({
    ...{ url: deadAddress, secretKey: secretOf(random(32)) },
    subscriptionDetails: { type: 'EVENT', details: ['payment.created'] },
  })
  try {
    await stage.pay()
    await stage.turnUntil(type, undefined, atMost)
  } finally {
    say('the subscription is ended')
    await rialto.webhookSubscriptions.unsubscribe({
      subscriptionId: subscriptionKey,
      subscriptionDetails: { type: 'ALL' },
    })
  }
  return subscriptionKey
}
