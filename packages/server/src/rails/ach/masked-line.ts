const columns = (line: string, from: number, to: number): string => line.slice(from - 1, to)

/** Stars in place of all but the last four characters; of one that is hardly longer, nothing is left. */
const masked = (text: string): string =>
  text.length > 4 ? '*'.repeat(text.length - 4) + text.slice(-4) : '*'.repeat(text.length)

/** The blanks that fill a column stay, so that the columns stay where they are. */
function maskedField(field: string): string {
  const number = field.trim()
  return field.replace(number, () => masked(number))
}

/** What may be a number of an account: five digits and more, letters and hyphens among them or not. */
function maskedWords(text: string): string {
  return text.replaceAll(/[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*/g, (word, at: number) => {
    if (word.replaceAll(/\D/g, '').length < 5 || /^\d{4}-\d\d-\d\d$/.test(word)) return word
    // Dollars, not a number.
    if (/^\d+$/.test(word) && /^\.\d\d(?!\d)/.test(text.slice(at + word.length))) return word
    return masked(word)
  })
}

/**
 * Columns 40 to 74 of an international entry hold the account number; 13 to 16 count its addenda, then come blanks. A
 * domestic account number of four digits looks the same, and more than it is masked then.
 */
const isInternational = (line: string): boolean => /^\d{4} {13}$/.test(columns(line, 13, 29))

function maskedEntry(line: string): string {
  const rest = isInternational(line)
    ? maskedField(columns(line, 40, 74)) + line.slice(74)
    : columns(line, 40, 76) + line.slice(76)
  return columns(line, 1, 12) + maskedField(columns(line, 13, 29)) + columns(line, 30, 39) + rest
}

/** Free text, and the data of a correction, may hold an account number. */
function maskedAddenda(line: string): string {
  const [from, to] = /^79[89]/.test(line) ? [36, 79] : [4, 83]
  return columns(line, 1, from - 1) + maskedWords(columns(line, from, to)) + line.slice(to)
}

/**
 * A line of a bank's file as it may be shown: account numbers by their last four. In a record of the format, the
 * columns say where one stands; in anything else, whatever might be one is taken for one.
 */
export function maskedLine(line: string): string {
  if (/^6\d{11}.{17}\d{10}/s.test(line)) return maskedEntry(line)
  if (/^7\d\d/.test(line) && line.length >= 80) return maskedAddenda(line)
  if (line.length >= 80 && /^(101|5\d{3}|8\d{9}|9\d{12})/.test(line)) return line
  return maskedWords(line)
}
