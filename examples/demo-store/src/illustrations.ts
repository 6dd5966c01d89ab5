import { type Html, html } from './html.ts'

const still = (body: Html): Html => html`<svg viewBox="0 0 200 200" aria-hidden="true" focusable="false">${body}</svg>`

/** A bag of beans: its paper, its label, and the sign on the label. */
const bag = (paper: string, shade: string, label: string, sign: Html): Html =>
  still(html`<ellipse cx="100" cy="180" rx="58" ry="8" fill="#000" opacity=".14"/>
  <path d="M54 50h92l6 118a12 12 0 0 1-12 12H60a12 12 0 0 1-12-12z" fill="${paper}"/>
  <path d="M132 50h14l6 118a12 12 0 0 1-12 12h-12z" fill="${shade}"/>
  <path d="M52 28h96v20a6 6 0 0 1-6 6H58a6 6 0 0 1-6-6z" fill="${shade}"/>
  <path d="M52 40h96" stroke="#000" stroke-opacity=".16" stroke-width="2"/>
  <rect x="64" y="76" width="68" height="78" rx="6" fill="${label}"/>
  ${sign}
  <path d="M80 132h36M86 142h24" stroke="#2b1a12" stroke-width="3" stroke-linecap="round"/>`)

const drawings: Readonly<Record<string, Html>> = {
  'harbor-blend': bag(
    '#24324a',
    '#1a253a',
    '#faf4ea',
    html`<g fill="none" stroke="#a8452a" stroke-width="4" stroke-linecap="round" stroke-linejoin="round">
      <circle cx="98" cy="91" r="4"/><path d="M98 95v25M84 108c0 8 6 13 14 13s14-5 14-13M90 101h16"/></g>`,
  ),
  'first-light': bag(
    '#c9703a',
    '#ad5a29',
    '#fdf1dc',
    html`<path d="M82 114a16 16 0 0 1 32 0z" fill="#e2a45e"/>
    <g stroke="#c9703a" stroke-width="3.5" stroke-linecap="round"><path d="M98 84v7M80 93l5 5M116 93l-5 5M74
      114h48"/></g>`,
  ),
  'night-watch': bag(
    '#3f5a50',
    '#31483f',
    '#eef2e6',
    html`<path d="M106 85a18 18 0 1 0 8 28 15 15 0 0 1-8-28z" fill="#24324a"/>
    <g fill="#c9703a"><circle cx="112" cy="92" r="2.2"/><circle cx="119" cy="101" r="1.6"/></g>`,
  ),
  'compass-dripper': still(html`<ellipse cx="100" cy="180" rx="60" ry="8" fill="#000" opacity=".14"/>
    <path d="M50 52h100l-32 62H82z" fill="#faf4ea"/><path d="M128 52h22l-32 62h-14z" fill="#e6dac6"/>
    <g stroke="#d2c3aa" stroke-width="3" stroke-linecap="round"><path d="M74 62l18 44M92 62l6 44M110 62l-4 44"/></g>
    <rect x="66" y="114" width="68" height="9" rx="4.5" fill="#a8452a"/>
    <path d="M150 62c24-4 26 30-8 34" fill="none" stroke="#faf4ea" stroke-width="9" stroke-linecap="round"/>
    <path d="M64 130h72l-6 42a10 10 0 0 1-10 8H80a10 10 0 0 1-10-8z" fill="#cfe0e2" opacity=".8"/>
    <path d="M68 154h64l-3 18a10 10 0 0 1-10 8H81a10 10 0 0 1-10-8z" fill="#5b3420"/>
    <path d="M100 124v24" stroke="#5b3420" stroke-width="3" stroke-linecap="round"/>
    <path d="M46 46h108a4 4 0 0 1 0 8H46a4 4 0 0 1 0-8z" fill="#fffaf2"/>`),
  'stillwater-kettle': still(html`<ellipse cx="100" cy="178" rx="66" ry="8" fill="#000" opacity=".14"/>
    <path d="M66 150C30 146 46 84 22 74" fill="none" stroke="#24324a" stroke-width="9" stroke-linecap="round"/>
    <path d="M70 82h66l16 84a10 10 0 0 1-10 12H64a10 10 0 0 1-10-12z" fill="#24324a"/>
    <path d="M118 82h18l16 84a10 10 0 0 1-10 12h-10z" fill="#1a253a"/>
    <path d="M68 82a35 16 0 0 1 70 0z" fill="#31425f"/><circle cx="103" cy="60" r="8" fill="#c9703a"/>
    <path d="M138 92c40-4 44 56 10 64" fill="none" stroke="#8a5a34" stroke-width="10" stroke-linecap="round"/>
    <path d="M78 100l-8 56" stroke="#6d7f9e" stroke-width="5" stroke-linecap="round"/>`),
  'millstone-grinder': still(html`<ellipse cx="100" cy="182" rx="46" ry="7" fill="#000" opacity=".14"/>
    <path d="M100 46L152 30" stroke="#6b7280" stroke-width="7" stroke-linecap="round"/>
    <path d="M152 30v-12" stroke="#6b7280" stroke-width="5" stroke-linecap="round"/>
    <rect x="143" y="6" width="18" height="17" rx="7" fill="#8a5a34"/>
    <rect x="94" y="40" width="12" height="16" rx="3" fill="#6b7280"/>
    <rect x="68" y="54" width="64" height="14" rx="6" fill="#4b5563"/>
    <path d="M70 68h60v62H70z" fill="#b98252"/><path d="M114 68h16v62h-16z" fill="#a06d40"/>
    <path d="M78 68v62M90 68v62" stroke="#a06d40" stroke-width="2"/>
    <rect x="66" y="128" width="68" height="10" rx="4" fill="#4b5563"/>
    <path d="M70 138h60v34a8 8 0 0 1-8 8H78a8 8 0 0 1-8-8z" fill="#2b1a12"/>
    <path d="M78 146v24" stroke="#5b3420" stroke-width="5" stroke-linecap="round"/>`),
  'deckhand-mug': still(html`<ellipse cx="96" cy="174" rx="58" ry="8" fill="#000" opacity=".14"/>
    <path d="M134 92c38-8 42 50-4 54" fill="none" stroke="#3a6478" stroke-width="13" stroke-linecap="round"/>
    <path d="M50 72h92v72c0 18-10 30-26 30H76c-16 0-26-12-26-30z" fill="#3a6478"/>
    <path d="M124 72h18v72c0 18-10 30-26 30h-8c12-4 16-14 16-30z" fill="#2d5062"/>
    <path d="M50 118h92v14H50z" fill="#faf4ea"/><ellipse cx="96" cy="72" rx="46" ry="11" fill="#faf4ea"/>
    <ellipse cx="96" cy="73" rx="38" ry="7.5" fill="#4a2a19"/>
    <g fill="none" stroke="#8a7a6a" stroke-width="4.5" stroke-linecap="round" opacity=".6">
      <path d="M84 52c-9-12 9-18 0-32M108 52c-9-12 9-18 0-32"/></g>`),
  'la-regina': still(html`<ellipse cx="100" cy="184" rx="88" ry="8" fill="#000" opacity=".16"/>
    <g transform="translate(0 6)"><path d="M60 34c4-20 76-20 80 0z" fill="#d6a04b"/>
    <path d="M94 20l6-16 6 16z" fill="#d6a04b"/>
    <circle cx="100" cy="3" r="4" fill="#a8452a"/>
    <rect x="22" y="32" width="156" height="62" rx="12" fill="#a8452a"/>
    <rect x="22" y="32" width="156" height="14" rx="7" fill="#c25a3c"/>
    <rect x="18" y="88" width="164" height="10" rx="5" fill="#d6a04b"/>
    <circle cx="100" cy="66" r="17" fill="#faf4ea"/>
    <path d="M100 66l8-10" stroke="#a8452a" stroke-width="3" stroke-linecap="round"/>
    <circle cx="100" cy="66" r="17" fill="none" stroke="#d6a04b" stroke-width="4"/>
    <g fill="#faf4ea"><circle cx="44" cy="66" r="5"/><circle cx="60" cy="66" r="5"/><circle cx="140" cy="66" r="5"/>
    <circle cx="156" cy="66" r="5"/></g>
    <path d="M34 98h132v58H34z" fill="#3a2318"/>
    <g fill="#d9d4cb"><rect x="50" y="98" width="34" height="12" rx="3"/>
    <rect x="116" y="98" width="34" height="12" rx="3"/></g>
    <g stroke="#1c110b" stroke-width="8" stroke-linecap="round"><path d="M67 115h-26M133 115h26"/></g>
    <path d="M62 118v12M72 118v12M128 118v12M138 118v12" stroke="#7a4a2c" stroke-width="3" stroke-linecap="round"/>
    <g fill="#faf4ea"><path d="M56 132h22l-3 18H59zM122 132h22l-3 18h-16z"/></g>
    <rect x="18" y="154" width="164" height="16" rx="6" fill="#d9d4cb"/>
    <rect x="28" y="158" width="144" height="4" rx="2" fill="#a9a297"/>
    <path d="M32 170v8M168 170v8" stroke="#3a2318" stroke-width="8" stroke-linecap="round"/></g>`),
}

/** A product's picture; nothing for one that we have not drawn. */
export const drawingOf = (id: string): Html | undefined => drawings[id]
