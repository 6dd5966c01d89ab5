import type { Customer } from '@rialto/node-sdk'
import { type Html, html } from './html.ts'
import { bankIcon } from './illustrations.marks.ts'
import { bankName, linkButton } from './pages.bank.ts'
import { csrfField } from './pages.frame.ts'
import type { Person } from './people.ts'

export type Answers = Readonly<{ firstName: string; lastName: string; email: string }>
export type Problems = Readonly<Partial<Record<'firstName' | 'lastName' | 'email' | 'password' | 'form', string>>>

type Field = Readonly<{
  name: 'firstName' | 'lastName' | 'email' | 'password'
  label: string
  type?: 'email' | 'password'
  autocomplete: string
  value?: string
  hint?: string
}>

function input(field: Field, problems: Problems): Html {
  const { name, label, type = 'text', autocomplete, value = '', hint } = field
  const problem = problems[name]
  const described = [hint && `${name}-hint`, problem && `${name}-problem`].filter(Boolean).join(' ')
  return html`<div class="field">
    <label for="${name}">${label}</label>
    ${hint && html`<p class="fine" id="${name}-hint">${hint}</p>`}
    <input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" value="${value}" required
      aria-invalid="${problem ? 'true' : 'false'}" aria-describedby="${described}">
    ${problem && html`<p class="problem" id="${name}-problem">${problem}</p>`}
  </div>`
}

const alert = (problem: string | undefined): Html | undefined =>
  problem === undefined ? undefined : html`<p class="notice bad" role="alert">${problem}</p>`

const nextField = (next: string): Html => html`<input type="hidden" name="next" value="${next}">`
const withNext = (path: string, next: string): string =>
  next === '/' ? path : `${path}?next=${encodeURIComponent(next)}`

const names = {
  first: { name: 'firstName', label: 'First name', autocomplete: 'given-name' },
  last: { name: 'lastName', label: 'Last name', autocomplete: 'family-name' },
} as const

export function signUpPage(csrf: string, next: string, answers: Answers, problems: Problems): Html {
  const many = Object.keys(problems).length > 0 && !problems.form ? 'Have a look at what is marked below.' : undefined
  return html`<section class="narrow form"><h1>Create account</h1>
    <p>Have one already? <a href="${withNext('/sign-in', next)}">Sign in</a></p>
    ${alert(problems.form ?? many)}
    <form method="post" action="/sign-up" novalidate>${csrfField(csrf)}${nextField(next)}
      <div class="pair">
        ${input({ ...names.first, value: answers.firstName }, problems)}
        ${input({ ...names.last, value: answers.lastName }, problems)}
      </div>
      ${input({ name: 'email', label: 'Email', type: 'email', autocomplete: 'email', value: answers.email }, problems)}
      ${input(
        {
          name: 'password',
          label: 'Password',
          type: 'password',
          autocomplete: 'new-password',
          hint: 'At least 8 characters. A few words are better than a few signs.',
        },
        problems,
      )}
      <button class="button big">Create account</button>
    </form></section>`
}

export function signInPage(csrf: string, next: string, email: string, problems: Problems): Html {
  return html`<section class="narrow form"><h1>Sign in</h1>
    <p>New here? <a href="${withNext('/sign-up', next)}">Create account</a></p>
    ${alert(problems.form)}
    <form method="post" action="/sign-in" novalidate>${csrfField(csrf)}${nextField(next)}
      ${input({ name: 'email', label: 'Email', type: 'email', autocomplete: 'username', value: email }, problems)}
      ${input({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' }, problems)}
      <button class="button big">Sign in</button>
    </form></section>`
}

function bankBox(csrf: string, bank: Customer | 'unknown' | undefined, sdkUrl: string): Html {
  const link = (label: string) => linkButton({ csrf, sdkUrl, next: '/account', label, quiet: bank !== undefined })
  if (bank === 'unknown')
    return html`<p>We cannot reach your bank link just now. It is safe where it is; look again in a minute.</p>`
  if (!bank?.accountDetails || bank.customerStatus !== 'ACTIVE')
    return html`<p>No bank is linked. Link one and you can pay for any order with one press.</p>${link('Link a bank')}`
  return html`<p class="bank">${bankIcon}<span><strong>${bankName(bank.accountDetails)}</strong>
      <span class="fine">${bank.accountDetails.accountType}, used for every payment you approve here</span></span></p>
    <div class="act">${link('Change bank')}
      <form method="post" action="/bank/unlink">${csrfField(csrf)}
        <button class="plain">Unlink bank</button></form></div>`
}

export function accountPage(
  csrf: string,
  person: Person,
  bank: Customer | 'unknown' | undefined,
  sdkUrl: string,
): Html {
  return html`<section class="narrow stack"><h1>Account</h1>
    <div class="panel"><h2>You</h2><p>${person.firstName} ${person.lastName}<br>${person.email}</p>
      <form method="post" action="/sign-out">${csrfField(csrf)}
        <button class="button quiet small">Sign out</button></form></div>
    <div class="panel"><h2>Your bank</h2>${bankBox(csrf, bank, sdkUrl)}</div>
  </section>`
}
