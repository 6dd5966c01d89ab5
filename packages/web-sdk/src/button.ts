const style = {
  display: 'inline-flex',
  alignItems: 'center',
  justifyContent: 'center',
  gap: '10px',
  boxSizing: 'border-box',
  minWidth: '200px',
  maxWidth: '100%',
  minHeight: '52px',
  margin: '0',
  padding: '12px 24px',
  border: '1px solid rgb(255 255 255 / 0.2)',
  borderRadius: '12px',
  background: '#0e6656',
  color: '#fff',
  font: '600 16px/1.2 system-ui, sans-serif',
  cursor: 'pointer',
  outlineOffset: '3px',
} as const satisfies Partial<CSSStyleDeclaration>

const restColor = style.background
const pressColor = '#0a5145'

/** A bank in five strokes, drawn in the text's own colour. */
function bankIcon(page: Document): SVGSVGElement {
  const icon = page.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const path = page.createElementNS('http://www.w3.org/2000/svg', 'path')
  const facts = { viewBox: '0 0 24 24', width: '22', height: '22', 'aria-hidden': 'true', focusable: 'false' }
  for (const [name, value] of Object.entries(facts)) icon.setAttribute(name, value)
  path.setAttribute('d', 'M3 9.5 12 4l9 5.5H3Zm3 3V17m4-4.5V17m4-4.5V17m4-4.5V17M3.5 20h17')
  const strokes = {
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '1.8',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  }
  for (const [name, value] of Object.entries(strokes)) path.setAttribute(name, value)
  icon.append(path)
  return icon
}

/**
 * A native button that reads "Pay by Bank". It is styled through the CSSOM, so it needs no `style-src 'unsafe-inline'`;
 * the browser's own focus ring is kept, and the page may restyle it like any other element.
 */
export function payButton(page: Document, onPress: () => void): HTMLButtonElement {
  const button = page.createElement('button')
  button.type = 'button'
  Object.assign(button.style, style)
  button.append(bankIcon(page), 'Pay by Bank')
  const paint = (color: string) => () => {
    button.style.background = color
  }
  button.addEventListener('pointerenter', paint(pressColor))
  button.addEventListener('pointerleave', paint(restColor))
  button.addEventListener('click', onPress)
  return button
}
