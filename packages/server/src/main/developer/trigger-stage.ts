import { dollars, type PaymentResult, type Rialto, type RialtoEvent } from '@rialto/node-sdk'
import { Money } from '../../kernel/money.ts'
import type { EventType } from '../../webhooks/event.ts'
import type { Connection } from './connection.ts'
import { visitHostedFlow } from './hosted-visit.ts'
import { Refused } from './run.ts'
import { newestPlace } from './since.ts'
import type { DeveloperTools } from './tools.ts'

export type TriggerOptions = Readonly<{
  amount: Money
  /** Who pays; undefined: one who is linked for the purpose. */
  customer: string | undefined
  bank: string
  login: string
  returnCode: string
  declined: boolean
}>

/** What a recipe has in hand. Each step says, to the person, what it does. */
export type Stage = Readonly<{
  rialto: Rialto
  options: TriggerOptions
  say: (step: string) => void
  random: (bytes: number) => Buffer
  /** Whom the access token is for. */
  merchantId(): Promise<string>
  /** A customer who has never been here links an account. */
  linkNew(): Promise<string>
  /** A payment of a linked customer, as it is decided. */
  pay(amount?: Money): Promise<PaymentResult>
  /** A payment that is approved, and not held. Answers its id. */
  payApproved(): Promise<string>
  /** Turns the clock until the event comes. Refused if it does not come within `atMost`. */
  turnUntil(type: EventType, paymentId?: string, atMost?: string): Promise<void>
}>

export type OpenStage = Stage &
  Readonly<{ find(type: EventType, resourceId: string | undefined): Promise<RialtoEvent> }>

/** Customers of this program are known by their e-mail address. */
const mailbox = (name: string) => `trigger-${name}@rialto.example`
const looksForEvent = 3

/** Throws Refused where there is no sandbox. */
export async function openStage(
  { terminal, random }: Pick<DeveloperTools, 'terminal' | 'random'>,
  connection: Connection,
  options: TriggerOptions,
): Promise<OpenStage> {
  const { rialto } = connection
  const say = (step: string) => terminal.note(`- ${step}`)
  const mark = await newestPlace(rialto)
  const link = (name: string) => linkAs(connection, options, name, say)

  const stage: Stage = {
    ...{ rialto, options, say, random, merchantId: () => merchantOf(rialto) },
    linkNew: () => link(random(5).toString('hex')),
    async pay(amount = options.amount) {
      const customerId = options.customer ?? (await findLinked(rialto, options)) ?? (await link(options.login))
      const merchantId = await stage.merchantId()
      say(`a payment of ${Money.format(amount)} by customer ${customerId}`)
      return rialto.payments.create({ customerId, merchantId, amount: dollars(amount.minor) })
    },
    async payApproved() {
      const { paymentId, paymentStatus, errorDetails } = await stage.pay()
      if (paymentStatus === 'TERMINAL_FAILED')
        throw new Refused(`The payment was declined: ${errorDetails?.errorMessage ?? 'no reason'}`)
      if (paymentStatus === 'PENDING') await stage.turnUntil('payment.authorized', paymentId, 'PT20M')
      if (paymentStatus === 'HELD') {
        say('your payments are held: releasing it')
        await rialto.payments.release(paymentId)
      }
      return paymentId
    },
    async turnUntil(type, paymentId, atMost = 'P70D') {
      say(`the clock is turned until ${type}`)
      const body = { untilEvent: type, atMost, ...(paymentId ? { paymentId } : {}) }
      const { found, now } = await rialto.call('POST /v1/sandbox/clock/advance', { body })
      if (!found) throw new Refused(`${type} did not come; the clock shows ${now}.`)
    },
  }
  return { ...stage, find: (type, resourceId) => findEvent(rialto, { mark, type, resourceId }) }
}

async function findLinked(rialto: Rialto, { login }: TriggerOptions): Promise<string | undefined> {
  const { data } = await rialto.customers.list({ email: mailbox(login) }).page()
  return data.find(({ customerStatus }) => customerStatus === 'ACTIVE')?.id
}

async function linkAs(
  { rialto, credentials }: Connection,
  { bank, login }: TriggerOptions,
  name: string,
  say: Stage['say'],
): Promise<string> {
  const { clientUrl } = credentials
  if (!clientUrl)
    throw new Refused(
      `Linking a customer needs the address of the hosted flow, which ${credentials.from} does not name: ` +
        'set RIALTO_CLIENT_URL, log in with --client-url, or use --customer with one who is linked.',
    )
  say(`a new customer links an account at ${bank} as ${login}`)
  const customer = { firstName: 'Trigger', lastName: name, email: mailbox(name) }
  const { sessionKey } = await rialto.sessions.create(customer)
  const sessionId = await visitHostedFlow({ clientUrl, sessionKey, bank, login })
  return (await rialto.sessions.get(sessionId)).customerId
}

async function merchantOf(rialto: Rialto): Promise<string> {
  const [, claims = ''] = (await rialto.accessToken()).split('.')
  const { merchant_id: id } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { merchant_id?: string }
  if (!id) throw new Refused('The access token does not name a merchant: is this an older Rialto?')
  return id
}

type Wanted = Readonly<{ mark: number; type: EventType; resourceId: string | undefined }>

/** An event gets its place a moment after it happened. */
async function findEvent(rialto: Rialto, { mark, type, resourceId }: Wanted): Promise<RialtoEvent> {
  const query = { types: type, ...(resourceId ? { resourceId } : {}), waitSeconds: '20' }
  for (let after = String(mark), look = 0; look < looksForEvent; look++) {
    const page = await rialto.call('GET /v1/events', { query: { ...query, after } })
    const event = page.data.at(-1)
    if (event) return event as unknown as RialtoEvent
    after = page.nextCursor
  }
  throw new Refused(`${type} has not come: does a worker run? (rialto worker)`)
}
