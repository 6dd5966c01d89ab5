/** Who sends which return code: a table, as the list has changed before. Every code that is not here is a return. */
const dishonoredCodes: ReadonlySet<string> = new Set(['R61', 'R62', 'R67', 'R68', 'R69', 'R70'])
const contestedCodes: ReadonlySet<string> = new Set(['R71', 'R72', 'R73', 'R74', 'R75', 'R76', 'R77'])

/** What addenda 99 with this code are. Unknown codes are returns. */
export const kindOfReturnCode = (code: string): 'return' | 'dishonored' | 'contested' =>
  dishonoredCodes.has(code) ? 'dishonored' : contestedCodes.has(code) ? 'contested' : 'return'

/** What addenda 98 with this code are: C61 to C69 refuse a change. */
export const kindOfChangeCode = (code: string): 'change' | 'refused_change' =>
  /^C6[1-9]$/.test(code) ? 'refused_change' : 'change'
