import type { Bank } from '../banks/bank.ts'
import { type Html, html } from './html.ts'

const problems = {
  wrong_password: 'User name or password is not right. Check both and try again.',
  locked: 'This account is locked. Call us on the number on the back of your card and we will help you open it again.',
  too_many_codes: 'Too many wrong codes. Sign in again to get a new one.',
  expired: 'That code is too old. Sign in again to get a new one.',
} as const
export type Problem = keyof typeof problems

const alert = (text: string): Html =>
  html`<div class="alert" role="alert" id="problem"><strong>We could not sign you in.</strong> ${text}</div>`

export type SignInForm = Readonly<{
  action: string
  token: Html
  login?: string
  problem?: Problem | undefined
}>

export const signInForm = (form: SignInForm): Html => html`${form.problem && alert(problems[form.problem])}
<form method="post" action="${form.action}" class="stack">${form.token}
<div class="field"><label for="login">User name</label>
<input id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="64" value="${form.login ?? ''}"${form.problem && html` aria-describedby="problem"`}></div>
<div class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="128"></div>
<button class="primary">Sign in</button></form>`

/** Sign-in for somebody an app sent here: says which app, and offers the way back. */
export const appSignInPage = (
  bank: Bank,
  appName: string,
  form: SignInForm,
  leaveAction: string,
) => html`<div class="narrow">
<section class="card"><p class="over">Connecting to <strong>${appName}</strong></p><h1>Sign in to ${bank.name}</h1>
<p class="quiet">You are at your bank. ${appName} will not see your password.</p>
${signInForm(form)}
<form method="post" action="${leaveAction}">${form.token}<button class="plain">Cancel and go back to ${appName}</button></form>
</section></div>`

export type CodeForm = Readonly<{ action: string; token: Html; attemptId: string; triesLeft?: number | undefined }>

export const codePage = (form: CodeForm): Html => html`<div class="narrow"><section class="card">
<h1>Enter your code</h1><p class="quiet">We sent a six-digit code to your phone. It is good for five minutes.</p>
${
  form.triesLeft !== undefined &&
  html`<div class="alert" role="alert" id="problem"><strong>That code is not right.</strong> ${form.triesLeft === 1 ? 'You can try once more.' : `You can try ${form.triesLeft} more times.`}</div>`
}
<form method="post" action="${form.action}" class="stack">${form.token}<input type="hidden" name="attempt" value="${form.attemptId}">
<div class="field"><label for="code">Six-digit code</label>
<input class="code" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,7}" required maxlength="7"${form.triesLeft !== undefined && html` aria-describedby="problem"`}></div>
<button class="primary">Continue</button></form></section></div>`
