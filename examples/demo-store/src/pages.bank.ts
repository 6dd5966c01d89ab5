import type { AccountDetails } from '@rialto/node-sdk'
import { type Html, html } from './html.ts'
import { bankIcon } from './illustrations.marks.ts'

/** An account as a customer knows it: "FinBank OAuth •••• 0001". */
export const bankName = ({ financialInstitutionName, accountLastFourDigits }: AccountDetails): string =>
  `${financialInstitutionName}\u00a0••••\u00a0${accountLastFourDigits}`

type LinkButton = Readonly<{ csrf: string; sdkUrl: string; next: string; label: string; quiet?: boolean }>

/** The way to the hosted flow. `link-bank.js` asks this backend for a session and hands it to the browser SDK. */
export function linkButton({ csrf, sdkUrl, next, label, quiet = false }: LinkButton): Html {
  return html`<div class="link-bank">
    <button type="button" class="button ${quiet ? 'quiet' : 'big'}" data-link-bank data-csrf="${csrf}"
      data-sdk="${sdkUrl}" data-next="${next}">${!quiet && bankIcon}${label}</button>
    <p class="problem" role="alert" hidden></p>
    <noscript><p class="fine">Linking a bank needs JavaScript in this browser.</p></noscript>
  </div>`
}
