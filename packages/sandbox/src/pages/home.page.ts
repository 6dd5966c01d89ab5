import { type Bank, banks } from '../banks/bank.ts'
import { characters } from '../banks/characters.ts'
import { type Html, html } from './html.ts'
import { monogram } from './layout.ts'
import { type SignInForm, signInForm } from './sign-in.page.ts'

export const homePage = (bank: Bank, form: SignInForm): Html => html`<div class="hero"><div class="wide">
<div class="pitch"><h1>${bank.brand.motto}</h1><p>${bank.brand.promise}</p></div>
<section class="card" aria-labelledby="sign-in"><h2 id="sign-in">Online banking</h2>${signInForm(form)}</section>
</div></div>
<div class="wide tiles">
<section><h2>Everyday checking</h2><p>No monthly fee and no minimum. Your balance is one tap away.</p></section>
<section><h2>Savings that rest</h2><p>Put something aside for a rainy day, and move it back when it rains.</p></section>
<section><h2>Apps, on your terms</h2><p>Choose what an app may see. Take it back whenever you like.</p></section>
</div>`

const characterRow = (login: string, simulates: string): Html =>
  html`<tr><th scope="row"><code>${login}</code></th><td>${simulates}</td></tr>`

const characterTable =
  (): Html => html`<div class="scroll" role="region" aria-label="Test customers" tabindex="0"><table>
<thead><tr><th scope="col">User name</th><th scope="col">What it simulates</th></tr></thead>
<tbody>${characters.map(({ login, simulates }) => characterRow(login, simulates))}</tbody></table></div>`

export const helpPage = (bank: Bank): Html => html`<div class="wide text"><h1>Help with signing in</h1>
<p>${bank.name} is a sandbox bank. These people bank here. The password is the same as the user name.</p>
${characterTable()}<p><a href="/${bank.slug}">Back to ${bank.name}</a></p></div>`

/** The front door of the pretend world. */
export const allBanksPage = (): Html => html`<div class="wide text"><h1>Three pretend banks</h1>
<p>Each behaves like a real one: it signs customers in, asks for their consent, keeps balances and answers an FDX-style interface.</p>
<ul class="banks">${banks.map(
  (
    bank,
  ) => html`<li><a class="card bank-${bank.mark}" href="/${bank.slug}">${monogram(bank.brand)}<span><strong>${bank.name}</strong>
<span class="quiet">${bank.signIn === 'redirect' ? 'Sign-in at the bank, by redirect' : 'Sign-in by user name'} · FDX ${bank.dialect}</span></span></a></li>`,
)}</ul>
<h2>Customers, at every bank</h2><p>The password is the same as the user name.</p>${characterTable()}</div>`
