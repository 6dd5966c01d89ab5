/**
 * Reads one member of somebody's JSON: answers its value, or says what is wrong with it and answers undefined. Members
 * are put together into objects and lists, so that one reading finds every problem.
 */
export type Member<T> = Readonly<{ read: (value: unknown, say: Say) => T | undefined; otherwise?: Readonly<{ is: T }> }>
type Say = (problem: string) => void
/** A member for each key. */
export type Shape<T> = { readonly [K in keyof T]-?: Member<T[K]> }

/** What `read` does not make undefined; `expected` completes the sentence "it must be". */
export const must = <T>(expected: string, read: (value: unknown) => T | undefined): Member<T> => ({
  read(value, say) {
    const result = read(value)
    // The value is not repeated: it may be an account number.
    if (result === undefined) say(`must be ${expected}`)
    return result
  },
})
/** May be left out, and then is this. */
export const or = <T>(member: Member<T>, is: T): Member<T> => ({ ...member, otherwise: { is } })
/** May be left out. */
export const mayLack = <T>(member: Member<T>): Member<T | undefined> => or<T | undefined>(member, undefined)

export const matching = (pattern: RegExp, expected: string) =>
  must(expected, (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined))
export const oneOf = <const T extends string>(...words: T[]) =>
  must(words.join(' or '), (value) => words.find((word) => word === value))
export const yesOrNo = must('true or false', (value) => (typeof value === 'boolean' ? value : undefined))
export const between = (least: number, most: number) =>
  must(`a whole number from ${least} to ${most}`, (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : undefined,
  )
/** At least one, so that a list forgotten empty is found. */
export const listOf = <T>(member: Member<T>, most: number): Member<readonly T[]> => ({
  read(value, say) {
    if (!Array.isArray(value) || value.length < 1 || value.length > most) {
      say(`must be a list of 1 to ${most}`)
      return undefined
    }
    const items = value.map((item, index) => member.read(item, (problem) => say(`number ${index + 1} ${problem}`)))
    return items.every((item) => item !== undefined) ? items : undefined
  },
})

/** Exactly these members: a misspelt one is a problem, not silence. */
export const object = <T>(shape: Shape<T>): Member<T> => ({
  read(value, say) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      say('must be a JSON object')
      return undefined
    }
    const given = new Map<string, unknown>(Object.entries(value))
    for (const key of given.keys()) if (!Object.hasOwn(shape, key)) say(`${key.slice(0, 64)} is not a setting`)
    let whole = true
    const result: Partial<T> = {}
    for (const key of Object.keys(shape) as (keyof T & string)[]) {
      const { read, otherwise } = shape[key]
      if (given.has(key)) {
        const said: string[] = []
        const member = read(given.get(key), (problem) => said.push(problem))
        for (const problem of said) say(`${key} ${problem}`)
        if (member === undefined) whole = false
        else result[key] = member
      } else if (otherwise) result[key] = otherwise.is
      else {
        say(`${key} is missing`)
        whole = false
      }
    }
    return whole ? (result as T) : undefined
  },
})
