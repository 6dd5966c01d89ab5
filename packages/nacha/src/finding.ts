import type { Rule } from './rules.ts'

/** One thing that is not as it should be, where it is, and the rule it breaks. Never holds a whole account number. */
export type Finding = Readonly<{
  /** Counted from 1. */
  line: number
  /** A warning is odd but leaves no doubt what is meant; an error must not be trusted. */
  severity: 'error' | 'warning'
  /** A name of the catalogue `rules`. */
  rule: Rule
  message: string
}>

export const noFindings: readonly Finding[] = Object.freeze([])

export const error = (line: number, rule: Rule, message: string): Finding => ({
  line,
  severity: 'error',
  rule,
  message,
})

export const warning = (line: number, rule: Rule, message: string): Finding => ({
  ...{ line, severity: 'warning', rule, message },
})
