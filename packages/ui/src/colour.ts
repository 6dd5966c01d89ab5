/** A colour as its three channels, 0 to 255. */
type Channels = readonly [number, number, number]

const white = '#ffffff'
const ink = '#14231f'
const black = '#000000'

/** Reads `#abc` or `#aabbcc`; anything else is not a colour here, so that nothing strange reaches a style sheet. */
function channels(colour: string): Channels | null {
  const hex = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(colour) ? colour.slice(1) : null
  if (hex === null) return null
  const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex
  const value = Number.parseInt(full, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

export function isColour(colour: string): boolean {
  return channels(colour) !== null
}

function must(colour: string): Channels {
  const found = channels(colour)
  if (!found) throw new Error(`not a colour: ${colour}`)
  return found
}

/** Relative luminance, as WCAG 2 defines it. */
function luminance(colour: string): number {
  const [red, green, blue] = must(colour).map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

/** The contrast of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light! + 0.05) / (dark! + 0.05)
}

/** `colour` with `share` (0 to 1) of `other` stirred in. */
export function mix(colour: string, other: string, share: number): string {
  const into = must(other)
  const mixed = must(colour).map((channel, i) => Math.round(channel + (into[i]! - channel) * share))
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

/**
 * The first of white, ink and black that reaches 4.5:1 on `colour`. One always does: white and black never both
 * fail.
 */
export function readableOn(colour: string): string {
  return [white, ink].find((text) => contrast(text, colour) >= 4.5) ?? black
}

/**
 * The colour nearest to `colour` that reaches `least` on `surface`: darker on a light surface, lighter on a dark
 * one.
 */
export function legible(colour: string, surface: string, least = 4.5): string {
  const toward = contrast(surface, black) > contrast(surface, white) ? black : white
  for (let share = 0; share < 1; share += 0.04) {
    const candidate = mix(colour, toward, share)
    if (contrast(candidate, surface) >= least) return candidate
  }
  return toward
}
