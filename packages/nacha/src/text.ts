import { isConventional } from './characters.ts'

/** Letters that do not come apart into a plain letter and an accent, and marks that have a plain cousin. */
const cousins: Readonly<Record<string, string>> = {
  ...{
    Æ: 'AE',
    Œ: 'OE',
    Ø: 'O',
    Ł: 'L',
    Đ: 'D',
    Ð: 'D',
    Þ: 'TH',
    Ħ: 'H',
    Ŧ: 'T',
    Ŋ: 'N',
    ẞ: 'SS',
    Ə: 'E',
    Ɛ: 'E',
    Ɔ: 'O',
  },
  ...{ '‘': "'", '’': "'", '‚': ',', '‛': "'", '“': "'", '”': "'", '„': "'", '′': "'", '`': "'", '"': "'", ʼ: "'" },
  ...{ '‐': '-', '‑': '-', '‒': '-', '–': '-', '—': '-', '―': '-', '−': '-', _: '-', '~': '-' },
  ...{ '[': '(', ']': ')', '{': '(', '}': ')', '<': '(', '>': ')', ';': ',', '\\': '/', '|': '/', '⁄': '/', '·': '.' },
  ...{ '+': '&', '@': ' ' },
}

/**
 * Text as the banks' convention wants it: upper case, accents gone (`é` to `E`, `ß` to `SS`), only letters, digits,
 * blanks and `. / ( ) & ' - # * , :`, one blank between words, none at the ends, at most `width` long. Other characters
 * are dropped, so that nothing may remain. Twice does what once does.
 */
export function toAchText(text: string, width = Number.POSITIVE_INFINITY): string {
  let plain = ''
  // Upper case first, as ß has no accent to lose; then letters and accents come apart; then once more, for ﬁ and its
  // like.
  for (const character of text.toUpperCase().normalize('NFKD').toUpperCase()) {
    if (/\s/.test(character)) plain += ' '
    else if (isConventional(character)) plain += character
    else plain += cousins[character] ?? ''
  }
  const squeezed = plain.replace(/ +/g, ' ').trim()
  return squeezed.slice(0, Math.min(width, squeezed.length)).trimEnd()
}
