import { isColour, legible, mix, readableOn } from '@rialto/ui/colour'

const grounds = {
  light: { surface: '#ffffff', toward: '#000000', least: 4.5 },
  // A dark colour raised just enough to be read on a dark surface looks switched off.
  dark: { surface: '#141d1b', toward: '#ffffff', least: 8 },
}

/**
 * The merchant's one colour as a set of custom properties per scheme, or nothing when it is no colour.
 * Wherever the flow uses it, it can be read: 4.5:1 against the surface and against its own soft shade, whatever the
 * merchant chose.
 */
export function brandProperties(color: string | null): Record<string, string> | null {
  if (!color || !isColour(color)) return null
  const properties: Record<string, string> = {}
  for (const [scheme, { surface, toward, least }] of Object.entries(grounds)) {
    const soft = mix(surface, legible(color, surface), 0.12)
    const accent = legible(legible(color, surface, least), soft)
    properties[`--brand-${scheme}`] = accent
    properties[`--brand-${scheme}-hover`] = mix(accent, toward, 0.14)
    properties[`--brand-${scheme}-soft`] = soft
    properties[`--brand-${scheme}-on`] = readableOn(accent)
  }
  return properties
}

/** Set through the CSSOM, which a strict content security policy allows where it refuses a style attribute. */
export function wearBrand(root: HTMLElement, color: string | null): void {
  const properties = brandProperties(color)
  root.toggleAttribute('data-branded', properties !== null)
  for (const [name, value] of Object.entries(properties ?? {})) root.style.setProperty(name, value)
}
