import { type Account, isDeposit, lastFour } from '../banks/account.ts'
import type { Bank } from '../banks/bank.ts'
import { type ConsentRequest, clusters } from '../consents/consent.ts'
import { centsToDollars } from '../money.ts'
import { type Html, html } from './html.ts'

export type ConsentForm = Readonly<{
  bank: Bank
  appName: string
  firstName: string
  request: ConsentRequest
  accounts: readonly Account[]
  chosen: ReadonlySet<string>
  until: Date
  action: string
  token: Html
  choosesNone: boolean
}>

const dateFormat = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'America/New_York' })
export const longDate = (date: Date): string => dateFormat.format(date)

function howLong(form: ConsentForm): string {
  if (form.request.durationType === 'ONE_TIME') return 'Once. The permission ends within a day.'
  return `Until ${longDate(form.until)}, or until you take it back in your online banking.`
}

const accountChoice = (account: Account, isChosen: boolean): Html => html`<li><label class="choice">
<input type="checkbox" name="account" value="${account.id}"${isChosen && html` checked`}>
<span class="grow"><strong>${account.productName}</strong><span class="quiet">•••• ${lastFour(account)}${!isDeposit(account) && ' · cannot be used to pay'}</span></span>
<span class="money">${centsToDollars(account.currentBalance)}${!isDeposit(account) && html`<span class="quiet">owed</span>`}</span></label></li>`

/** Who asks, for what, from which accounts, for how long; and two buttons of equal honesty. */
export const consentPage = (form: ConsentForm): Html => html`<div class="narrow"><section class="card">
<p class="over">Hello ${form.firstName}</p>
<h1>${form.appName} would like to see some of your data</h1>
<form method="post" action="${form.action}" class="stack">${form.token}
<fieldset${form.choosesNone && html` aria-describedby="problem"`}><legend>Which accounts?</legend>
${form.choosesNone && html`<div class="alert" role="alert" id="problem">Choose at least one account, or select Deny.</div>`}
<ul class="choices">${form.accounts.map((account) => accountChoice(account, form.chosen.has(account.id)))}</ul></fieldset>
<div><h2>What ${form.appName} will see</h2>
<ul class="ticks">${form.request.clusters.map((name) => html`<li>${clusters[name].says}</li>`)}</ul>
<p class="quiet">It will not see your password, and it cannot see accounts you leave out.</p></div>
<div><h2>For how long?</h2><p>${howLong(form)}</p></div>
<div class="buttons"><button class="primary" name="decision" value="allow">Allow</button>
<button class="secondary" name="decision" value="deny">Deny</button></div>
</form></section></div>`
