/** What a character may stand for, one bit each; a column asks for one of them. */
export const printable = 1
export const conventional = 2
export const digit = 4
export const blank = 8
export const digitOrBlank = 16

/** Letters and digits apart, what the banks' convention lets text hold. */
const conventionalMarks = " ./()&'-#*,:"

/** The bits of each character of one byte. A character beyond has none. */
export const bitsOf: Uint8Array = new Uint8Array(256)
for (let code = 0x20; code < 0x7f; code++) {
  const character = String.fromCharCode(code)
  const isDigit = character >= '0' && character <= '9'
  const isConventional = isDigit || (character >= 'A' && character <= 'Z') || conventionalMarks.includes(character)
  bitsOf[code] =
    printable |
    (isConventional ? conventional : 0) |
    (isDigit ? digit | digitOrBlank : 0) |
    (character === ' ' ? blank | digitOrBlank : 0)
}

const has = (text: string, bit: number): boolean => {
  for (let i = 0; i < text.length; i++) if (((bitsOf[text.charCodeAt(i)] ?? 0) & bit) === 0) return false
  return true
}

export const isDigits = (text: string): boolean => has(text, digit)
export const isPrintable = (text: string): boolean => has(text, printable)
export const isConventional = (text: string): boolean => has(text, conventional)
export const isBlank = (text: string): boolean => has(text, blank)
