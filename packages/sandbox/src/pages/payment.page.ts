import { type Account, lastFour } from '../banks/account.ts'
import type { Bank } from '../banks/bank.ts'
import { disputableUntil, type PaymentView } from '../fed/dispute.ts'
import type { StoppedCompany } from '../fed/stop.store.ts'
import { centsToDollars } from '../money.ts'
import { longDate } from './consent.page.ts'
import { type Html, html } from './html.ts'

export const LONGEST_STORY = 500

/** Noon is the same day everywhere a customer of these banks may be. */
const dayInWords = (day: string): string => longDate(new Date(`${day}T12:00:00Z`))

const pathOf = (bank: Bank, account: Account): string => `/${bank.slug}/online/accounts/${account.id}`

/** What a customer can do about a debit on the statement. The line it belongs to is named by `labelledBy`. */
export function paymentActions(
  bank: Bank,
  account: Account,
  payment: PaymentView,
  now: Date,
  labelledBy: string,
): Html | false {
  const path = `${pathOf(bank, account)}/payments/${payment.transactionId}`
  const act = (step: string, label: string): Html =>
    html`<form method="get" action="${path}/${step}"><button class="plain" aria-describedby="${labelledBy}">${label}</button></form>`
  const canDispute = disputableUntil(payment, now) !== undefined
  if (payment.status === 'returned') return html`<div class="acts"><span class="status off">Came back</span></div>`
  if (!canDispute && payment.isStopped) return false
  return html`<div class="acts">${canDispute && act('dispute', 'I did not authorize this')}${!payment.isStopped && act('stop', 'Stop payments to this company')}</div>`
}

export type PaymentForm = Readonly<{
  bank: Bank
  account: Account
  payment: PaymentView
  holder: string
  token: Html
  until: string | undefined
  /** The statement was sent without a signature. */
  unsigned: boolean
  story: string
}>

const facts = ({ account, payment }: PaymentForm): Html => html`<dl class="facts">
<div><dt>Company</dt><dd>${payment.companyName}</dd></div>
<div><dt>Amount</dt><dd>${centsToDollars(payment.amount)}</dd></div>
<div><dt>Taken on</dt><dd>${dayInWords(payment.settled)}</dd></div>
<div><dt>From</dt><dd>${account.productName} •••• ${lastFour(account)}</dd></div></dl>`

/** The words the customer signs, which the bank keeps. */
export const statementOf = ({
  holder,
  account,
  payment,
}: Pick<PaymentForm, 'holder' | 'account' | 'payment'>): string =>
  `I, ${holder}, state that I did not authorize ${payment.companyName} to take ${centsToDollars(payment.amount)} from ` +
  `my ${account.productName} •••• ${lastFour(account)} on ${dayInWords(payment.settled)}, or had taken my ` +
  'authorization back before that day.'

/** Facts, the statement, a signature, and two ways out of equal honesty. */
export const disputePage = (form: PaymentForm): Html => html`<div class="narrow"><section class="card">
<h1>You did not authorize this payment?</h1>${facts(form)}
<form method="post" action="${pathOf(form.bank, form.account)}/payments/${form.payment.transactionId}/dispute" class="stack">${form.token}
<div class="stack"><h2>Written statement</h2><blockquote>${statementOf(form)}</blockquote></div>
<div class="field"><label for="story">What happened? <span class="quiet">You can leave this empty.</span></label>
<textarea id="story" name="story" rows="3" maxlength="${LONGEST_STORY}">${form.story}</textarea></div>
<ul class="choices">
<li><label class="choice"><input type="checkbox" name="signed" value="yes" required${form.unsigned && html` aria-invalid="true" aria-describedby="problem"`}><span class="grow">I sign this statement. It is true.</span></label></li>
${!form.payment.isStopped && html`<li><label class="choice"><input type="checkbox" name="stop" value="yes"><span class="grow">Stop all later payments to ${form.payment.companyName}, too.</span></label></li>`}
</ul>
${form.unsigned && html`<div class="alert" role="alert" id="problem">Please sign the statement: tick the box above.</div>`}
<p class="quiet">You have your money back as soon as you sign. We then return the payment to the company’s bank.${form.until && ` You can do this until ${dayInWords(form.until)}.`}</p>
<div class="buttons"><button class="primary">Sign and dispute</button>
<a class="button" href="${pathOf(form.bank, form.account)}">Keep the payment</a></div>
</form></section></div>`

/** What stopping means, before it is done. */
export const stopPage = (form: PaymentForm): Html => html`<div class="narrow"><section class="card">
<h1>Stop payments to ${form.payment.companyName}?</h1>${facts(form)}
<p>From now on we send every payment back that ${form.payment.companyName} tries to take from this account. The payment above stays as it is.</p>
<form method="post" action="${pathOf(form.bank, form.account)}/payments/${form.payment.transactionId}/stop" class="stack">${form.token}
<div class="buttons"><button class="primary">Stop payments</button>
<a class="button" href="${pathOf(form.bank, form.account)}">Change nothing</a></div>
</form></section></div>`

/** A payment that cannot be disputed, and why. */
export const tooLatePage = (form: PaymentForm): Html => html`<div class="narrow"><section class="card">
<h1>This payment can no longer be disputed</h1>${facts(form)}
<p>${form.payment.status === 'returned' ? 'It came back already, and you have your money.' : 'More than 60 days have passed since it was taken. Please speak with the company.'}</p>
<p><a href="${pathOf(form.bank, form.account)}">Back to ${form.account.productName}</a></p></section></div>`

/** The companies that get nothing more, each with a way to change that. */
export const stoppedCard = (
  bank: Bank,
  account: Account,
  stopped: readonly StoppedCompany[],
  token: Html,
): Html => html`<section class="card flush" aria-labelledby="stopped"><h2 id="stopped">Stopped companies</h2>
<ul class="rows">${stopped.map(
  (
    one,
    index,
  ) => html`<li class="row"><span class="grow"><strong id="stopped-${index}">${one.companyName}</strong><span class="quiet">Since ${longDate(one.createdAt)}</span></span>
<form method="post" action="${pathOf(bank, account)}/allow">${token}<input type="hidden" name="company" value="${one.companyName}"><input type="hidden" name="company_id" value="${one.companyId}"><button class="plain" aria-describedby="stopped-${index}">Allow again</button></form></li>`,
)}</ul></section>`
