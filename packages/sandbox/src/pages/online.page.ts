import { type Account, isDeposit, lastFour, type Transaction } from '../banks/account.ts'
import type { Bank } from '../banks/bank.ts'
import { type Consent, clusters } from '../consents/consent.ts'
import type { PaymentView } from '../fed/dispute.ts'
import type { StoppedCompany } from '../fed/stop.store.ts'
import { centsToDollars } from '../money.ts'
import { longDate } from './consent.page.ts'
import { type Html, html } from './html.ts'
import { paymentActions, stoppedCard } from './payment.page.ts'

export const onlineNav = (bank: Bank, token: Html, here: 'accounts' | 'apps'): Html => {
  const tab = (name: typeof here, path: string, label: string) =>
    html`<a href="/${bank.slug}${path}"${name === here && html` aria-current="page"`}>${label}</a>`
  return html`<nav class="tabs" aria-label="Online banking">${tab('accounts', '/online', 'Accounts')}${tab('apps', '/online/apps', 'Connected apps')}
<form method="post" action="/${bank.slug}/sign-out">${token}<button class="plain">Sign out</button></form></nav>`
}

const accountRow = (
  bank: Bank,
  account: Account,
): Html => html`<li><a class="row" href="/${bank.slug}/online/accounts/${account.id}">
<span class="grow"><strong>${account.productName}</strong><span class="quiet">•••• ${lastFour(account)}</span></span>
<span class="money">${centsToDollars(account.currentBalance)}<span class="quiet">${isDeposit(account) ? 'available' : 'owed'}${isDeposit(account) && account.availableBalance !== account.currentBalance && ` ${centsToDollars(account.availableBalance)}`}</span></span></a></li>`

export function accountsPage(
  bank: Bank,
  firstName: string,
  accounts: readonly Account[],
  recent: readonly Transaction[],
): Html {
  const deposits = accounts.filter(isDeposit)
  const total = deposits.reduce((sum, account) => sum + account.currentBalance, 0n)
  return html`<div class="wide text"><h1>Hello ${firstName}</h1>
${deposits.length > 0 && html`<p class="total"><span class="quiet">Together in your accounts</span><strong>${centsToDollars(total)}</strong></p>`}
<section class="card flush" aria-labelledby="accounts"><h2 id="accounts">Accounts</h2><ul class="rows">${accounts.map((account) => accountRow(bank, account))}</ul></section>
${recent.length > 0 && html`<section class="card flush" aria-labelledby="recent"><h2 id="recent">Recently in checking</h2>${transactionList(recent)}</section>`}</div>`
}

/** What stands below a line, if anything. The line is named by `id`. */
type Below = (one: Transaction, id: string) => Html | false

const transactionList = (transactions: readonly Transaction[], below: Below = () => false): Html =>
  html`<ul class="rows">${transactions.map((one, index) => {
    const id = `line-${index}`
    return html`<li class="row"><span class="grow" id="${id}"><strong>${one.description}</strong><span class="quiet">${longDate(one.postedAt)}</span></span>
<span class="money${one.amount > 0n && ' in'}">${one.amount > 0n && '+'}${centsToDollars(one.amount)}</span>${below(one, id)}</li>`
  })}</ul>`

const doneWords: Readonly<Record<string, string>> = {
  disputed: 'You have your money back. We return the payment to the company’s bank.',
  stopped: 'Done. We send back every further payment to this company.',
  allowed: 'Done. This company’s payments go through again.',
}

export type AccountView = Readonly<{
  account: Account
  transactions: readonly Transaction[]
  /** Those lines that are debits which came by ACH. */
  payments: readonly PaymentView[]
  stopped: readonly StoppedCompany[]
  now: Date
  token: Html
  /** What the customer has just done. */
  done: string | undefined
}>

export function accountPage(bank: Bank, view: AccountView): Html {
  const { account, transactions, payments, stopped } = view
  const below: Below = (one, id) => {
    const payment = payments.find(({ transactionId }) => transactionId === one.id)
    return payment !== undefined && paymentActions(bank, account, payment, view.now, id)
  }
  const done = doneWords[view.done ?? '']
  return html`<div class="wide text">
<p><a href="/${bank.slug}/online">All accounts</a></p><h1>${account.productName}</h1>
${done && html`<div class="notice" role="status">${done}</div>`}
<p class="total"><span class="quiet">•••• ${lastFour(account)} · ${isDeposit(account) ? 'current balance' : 'owed'}</span><strong>${centsToDollars(account.currentBalance)}</strong></p>
${stopped.length > 0 && stoppedCard(bank, account, stopped, view.token)}
<section class="card flush" aria-labelledby="transactions"><h2 id="transactions">Transactions</h2>
${transactions.length > 0 ? transactionList(transactions, below) : html`<p class="empty">Nothing has happened here yet.</p>`}</section></div>`
}

const statusWords = { ACTIVE: 'Connected', EXPIRED: 'Expired', REVOKED: 'Taken back' } as const

export type AppView = Readonly<{ consent: Consent; appName: string; accounts: readonly Account[] }>

function appCard(bank: Bank, app: AppView, token: Html): Html {
  const { consent, appName } = app
  const isActive = consent.status === 'ACTIVE'
  const until = isActive ? `until ${longDate(consent.expiresAt)}` : `on ${longDate(consent.updatedAt)}`
  const seen = app.accounts.filter((account) => consent.accountIds.includes(account.id))
  return html`<li class="card"><div class="app"><h2>${appName}</h2><span class="status ${isActive ? 'on' : 'off'}">${statusWords[consent.status]} ${until}</span></div>
<p>${seen.map((account, index) => `${index > 0 ? ', ' : ''}${account.productName} •••• ${lastFour(account)}`)}</p>
<ul class="ticks">${consent.clusters.map((name) => html`<li>${clusters[name].says}</li>`)}</ul>
${isActive && html`<form method="post" action="/${bank.slug}/online/apps/${consent.id}/revoke">${token}<button class="danger">Revoke access for ${appName}</button></form>`}</li>`
}

export const appsPage = (
  bank: Bank,
  apps: readonly AppView[],
  token: Html,
  done: boolean,
): Html => html`<div class="wide text">
<h1>Connected apps</h1><p>These apps may see some of your data because you allowed it. Revoking takes effect at once.</p>
${done && html`<div class="notice" role="status">Access was revoked. The app can no longer see your accounts.</div>`}
${apps.length > 0 ? html`<ul class="apps">${apps.map((app) => appCard(bank, app, token))}</ul>` : html`<p class="card empty">No app is connected to your accounts.</p>`}</div>`
