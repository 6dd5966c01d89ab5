import { type Static, Type } from 'typebox'
import { invalid } from '../http/errors.ts'
import { type Fault, faultKinds, type InForce, type Rule, reportKinds } from './outside-world.ts'

const times = (absent: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: `How often; ${absent} when absent.` }))
const delay = { minimum: 1, maximum: 400 }
const text = { minLength: 1, maxLength: 60, pattern: '^[ -~]+$' }

const Match = Type.Object({
  routingNumber: Type.Optional(Type.String({ pattern: '^[0-9]{9}$' })),
  accountNumber: Type.Optional(Type.String({ ...text, maxLength: 17 })),
  amount: Type.Optional(
    Type.String({ pattern: '^[0-9]{1,8}\\.[0-9]{2}$', description: 'Dollars and cents.', examples: ['42.00'] }),
  ),
  name: Type.Optional(Type.String(text)),
  individualId: Type.Optional(Type.String(text)),
})

const Outcome = Type.Object({
  kind: Type.String({ maxLength: 20, description: 'return or correct' }),
  code: Type.String({ maxLength: 10, examples: ['R02'] }),
  afterBankingDays: Type.Optional(Type.Integer({ ...delay, description: 'With return: after settlement.' })),
  afterDays: Type.Optional(Type.Integer({ ...delay, description: 'With return: calendar days after settlement.' })),
  correctedData: Type.Optional(Type.String({ maxLength: 29, description: 'With correct.' })),
})

const rule = { match: Match, outcome: Outcome, times: times('until it is deleted') }
const fault = {
  kind: Type.String({ maxLength: 40, description: faultKinds.join(', ') }),
  report: Type.Optional(Type.String({ maxLength: 20, description: `With deliver_twice: ${reportKinds.join(', ')}` })),
  times: times('once, or bank_down until faults are deleted,'),
}

export const RuleBody = Type.Object(rule, { title: 'NewRule' })
export const RuleWire = Type.Object({ id: Type.String(), ...rule }, { title: 'Rule' })
export const FaultBody = Type.Object(fault, { title: 'NewFault' })
export const FaultWire = Type.Object({ id: Type.String(), ...fault }, { title: 'Fault' })
export const listOf = <T extends Parameters<typeof Type.Array>[0]>(item: T) => Type.Object({ data: Type.Array(item) })
export const RuleParams = Type.Object({ ruleId: Type.String({ maxLength: 100 }) })

export const MagicAmountsWire = listOf(
  Type.Object(
    {
      amounts: Type.String(),
      outcome: Type.String(),
      code: Type.String(),
      when: Type.String(),
      example: Type.Object({ amount: Type.String(), code: Type.String() }),
    },
    { title: 'MagicAmount' },
  ),
)

/** Refuses: invalid_request. */
export function ruleFromWire({ match, outcome, times }: Static<typeof RuleBody>): Rule {
  if (Object.keys(match).length === 0)
    throw invalid({ pointer: '/match', code: 'empty', message: 'must name something that entries are told by' })
  const code = outcome.code.toUpperCase()
  const { afterBankingDays, afterDays, correctedData } = outcome
  const often = times === undefined ? {} : { times }
  switch (outcome.kind.toLowerCase()) {
    case 'return':
      if (correctedData !== undefined) throw stray('correctedData', 'return')
      if (afterBankingDays !== undefined && afterDays !== undefined)
        throw invalid({ pointer: '/outcome', code: 'one_of', message: 'has afterBankingDays or afterDays, not both' })
      return { match, outcome: { kind: 'return', code, ...defined({ afterBankingDays, afterDays }) }, ...often }
    case 'correct':
      if (afterBankingDays !== undefined) throw stray('afterBankingDays', 'correct')
      if (afterDays !== undefined) throw stray('afterDays', 'correct')
      return { match, outcome: { kind: 'correct', code, ...defined({ correctedData }) }, ...often }
    default:
      throw invalid({ pointer: '/outcome/kind', code: 'enum', message: 'must be return or correct' })
  }
}

const stray = (member: string, kind: string) =>
  invalid({ pointer: `/outcome/${member}`, code: 'stray', message: `does not go with ${kind}` })

/** Without the members that were not said. */
const defined = <T extends object>(members: T) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: NonNullable<T[K]>
  }

/** Refuses: invalid_request. */
export function faultFromWire({ kind, report, times }: Static<typeof FaultBody>): Fault {
  const known = faultKinds.find((one) => one === kind.toLowerCase())
  if (!known) throw invalid({ pointer: '/kind', code: 'enum', message: `must be one of ${faultKinds.join(', ')}` })
  const which = reportKinds.find((one) => one === report?.toLowerCase())
  if (report !== undefined && !which)
    throw invalid({ pointer: '/report', code: 'enum', message: `must be one of ${reportKinds.join(', ')}` })
  return { kind: known, ...(which ? { report: which } : {}), ...(times === undefined ? {} : { times }) }
}

export const ruleToWire = ({ id, match, outcome, timesLeft }: InForce<Rule>): Static<typeof RuleWire> => ({
  ...{ id: String(id), match: { ...match }, outcome: { ...outcome } },
  ...(timesLeft ? { times: timesLeft } : {}),
})

export const faultToWire = ({ id, kind, report, timesLeft }: InForce<Fault>): Static<typeof FaultWire> => ({
  ...{ id: String(id), kind },
  ...(report ? { report } : {}),
  ...(timesLeft ? { times: timesLeft } : {}),
})
