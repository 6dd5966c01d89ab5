import { type Answer, askOf, type Call, type Given, type Route } from './call.ts'
import { openClient } from './client.ts'
import { type Customers, openCustomers, openSessions, type Sessions } from './customers.ts'
import { type Events, openEvents } from './events.ts'
import { type Machine, machine } from './machine.ts'
import {
  type Credits,
  openCredits,
  openPayments,
  openRefunds,
  openTransactions,
  type Payments,
  type Refunds,
  type Transactions,
} from './payments.ts'
import { type RialtoOptions, settingsOf } from './settings.ts'
import { openWebhookSubscriptions, type WebhookSubscriptions } from './webhook-subscriptions.ts'

/**
 * A merchant's way to the platform. Make one and keep it: it holds the access token, and renews it by itself. Neither
 * the secret nor the token can be seen in it, or in what it throws.
 */
export class Rialto {
  readonly sessions: Sessions
  readonly customers: Customers
  readonly payments: Payments
  readonly credits: Credits
  readonly refunds: Refunds
  readonly transactions: Transactions
  readonly events: Events
  readonly webhookSubscriptions: WebhookSubscriptions
  readonly #call: Call
  readonly #token: () => Promise<string>

  /** Throws RialtoError when an option is missing or out of its range. `lent` is for tests: a clock, keys, patience. */
  constructor(options: RialtoOptions, lent: Partial<Machine> = {}) {
    const client = openClient(settingsOf(options), { ...machine, ...lent })
    const { newKey } = client.machine
    const ask = askOf(client)
    const call: Call = (route, ...[given]) => ask(route, given)
    this.#call = call
    this.#token = client.token
    this.sessions = openSessions(call)
    this.customers = openCustomers(call, ask)
    this.payments = openPayments(call, newKey)
    this.credits = openCredits(call, newKey)
    this.refunds = openRefunds(call, newKey)
    this.transactions = openTransactions(call)
    this.events = openEvents(call, client.machine)
    this.webhookSubscriptions = openWebhookSubscriptions(call)
  }

  /**
   * Any call of the API, as its reference writes it: `rialto.call('GET /v1/settlements/{id}', { params: { id } })`.
   * Tries again like the methods do; what is not known to be harmless twice, only if nobody looked at it.
   */
  call<R extends Route>(route: R, ...given: Given<R>): Promise<Answer<R>> {
    return this.#call(route, ...given)
  }

  /** The access token, good for at least a while: for what this client does not do. Never for a browser. */
  accessToken(): Promise<string> {
    return this.#token()
  }
}
