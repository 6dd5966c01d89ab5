import { html } from './html.ts'

/** The shop's mark: a compass needle on a rose. */
export const compass = html`<svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true"
      focusable="false">
  <rect width="32" height="32" rx="9" fill="#24324a"/>
  <path d="M16 5l4.2 11h-8.4z" fill="#e2a45e"/><path d="M16 27l-4.2-11h8.4z" fill="#faf4ea"/>
  <circle cx="16" cy="16" r="1.8" fill="#24324a"/></svg>`

export const bankIcon = html`<svg class="icon" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"
      focusable="false">
  <path d="M3 9.5 12 4l9 5.5H3Zm3 3V17m4-4.5V17m4-4.5V17m4-4.5V17M3.5 20h17" fill="none" stroke="currentColor"
    stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>`

/** A northern coast at first light, with a cup for a lighthouse. */
export const coast = html`<svg class="coast" viewBox="0 0 560 420" aria-hidden="true" focusable="false">
  <defs>
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#24324a"/><stop offset=".55" stop-color="#7d5a5b"/>
    <stop offset="1" stop-color="#e2a45e"/>
    </linearGradient>
    <linearGradient id="sea" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#c98f5b"/><stop offset=".35" stop-color="#4a5872"/>
    <stop offset="1" stop-color="#1d2940"/>
    </linearGradient>
    <clipPath id="frame"><rect width="560" height="420" rx="28"/></clipPath>
  </defs>
  <g clip-path="url(#frame)">
    <rect width="560" height="420" fill="url(#sky)"/>
    <g fill="#faf4ea"><circle cx="86" cy="58" r="1.6"/><circle cx="170" cy="34" r="1.2"/>
    <circle cx="250" cy="76" r="1.4"/>
      <circle cx="330" cy="40" r="1.1"/><circle cx="474" cy="66" r="1.6"/><circle cx="520" cy="30" r="1.1"/></g>
    <circle cx="262" cy="234" r="48" fill="#f6d9a3"/>
    <path d="M0 262l70-46 52 30 64-66 76 70 46-26 58 40 52-30 60 34 82-38v60H0z" fill="#3b4763"/>
    <rect y="258" width="560" height="162" fill="url(#sea)"/>
    <g fill="none" stroke="#f6d9a3" stroke-width="3" stroke-linecap="round" opacity=".75">
      <path d="M216 276h92M236 292h54M226 308h76M248 324h34"/></g>
    <g fill="none" stroke="#faf4ea" stroke-width="2.5" stroke-linecap="round" opacity=".35">
      <path d="M30 300q14-9 28 0t28 0M60 350q14-9 28 0t28 0M190 372q14-9 28 0t28 0M20 396q14-9 28 0t28 0"/></g>
    <path d="M330 420c14-62 52-96 96-104 48-8 98 12 134 34v70z" fill="#172136"/>
    <path d="M352 420c20-44 48-70 84-78" fill="none" stroke="#e2a45e" stroke-width="2" opacity=".5"/>
    <path d="M400 222h92l-9 84a14 14 0 0 1-14 12h-46a14 14 0 0 1-14-12z" fill="#faf4ea"/>
    <path d="M403 250h86l-2.7 25h-80.600z" fill="#a8452a"/>
    <path d="M490 238c30-8 40 10 33 27-6 15-23 22-38 19" fill="none" stroke="#faf4ea" stroke-width="9"
      stroke-linecap="round"/>
    <ellipse cx="446" cy="222" rx="46" ry="9" fill="#2b1a12"/>
    <ellipse cx="446" cy="221" rx="37" ry="5.5" fill="#7a4a2c"/>
    <g fill="none" stroke="#faf4ea" stroke-width="5" stroke-linecap="round" opacity=".7">
      <path d="M428 198c-12-16 12-26 0-46M448 196c-14-20 14-34 0-62M468 198c-12-16 12-26 0-46"/></g>
    <g fill="none" stroke="#172136" stroke-width="3" stroke-linecap="round">
    <path d="M92 132q10-9 16 0 6-9 16 0M132 156q7-6 11 0 4-6 11 0"/></g>
  </g></svg>`
