/** Its clock, as it stood when it answered. */
export type WorldClock = Readonly<{ now: Date; standing: boolean; nextDueAt: Date | null }>

/** What shall happen to entries that match. Amounts are decimal dollars, as the bank writes them. */
export type Rule = Readonly<{
  match: Readonly<{
    routingNumber?: string
    accountNumber?: string
    amount?: string
    name?: string
    individualId?: string
  }>
  outcome:
    | Readonly<{ kind: 'return'; code: string; afterBankingDays?: number; afterDays?: number }>
    | Readonly<{ kind: 'correct'; code: string; correctedData?: string }>
  times?: number
}>

export const faultKinds = [
  'lose_acknowledgment',
  'deliver_twice',
  'repeat_returns',
  'untimely_return',
  'refuse_file',
  'bank_down',
] as const

export const reportKinds = ['acknowledgment', 'settlement', 'returns'] as const

export type Fault = Readonly<{
  kind: (typeof faultKinds)[number]
  /** Only with deliver_twice: of which kind. */
  report?: (typeof reportKinds)[number]
  times?: number
}>

/** A rule or fault that is in force. `timesLeft`: null until it is taken back. */
export type InForce<T> = Omit<T, 'times'> & Readonly<{ id: string; timesLeft: number | null }>

/** What became of a wish about one entry. */
export type WishAnswer =
  | Readonly<{ kind: 'done'; wrote: number }>
  /** It cannot be done to the entry as it is; what can be is in `possible`. */
  | Readonly<{ kind: 'impossible'; why: string; possible: readonly string[] }>
  /** The outside world has not seen this entry. */
  | Readonly<{ kind: 'unknown' }>

/**
 * The pretend outside world's controls: its clock, and what shall happen in it. Only where the world is pretend.
 * Every call is bounded in time, is never made inside a transaction, and refuses: outside_world_unreachable;
 * invalid_request when the world does not understand what was asked.
 */
export type OutsideWorld = Readonly<{
  clock(): Promise<WorldClock>
  /**
   * Turns its clock forward and does what is due by then. `wrote`: how many files it left for us.
   * `ahead`: its clock is further already, and nothing was done.
   */
  turnTo(at: Date, standing: boolean): Promise<(WorldClock & Readonly<{ wrote: number }>) | 'ahead'>
  /** Now, out of turn, by the entry's trace number. */
  settle(traceNumber: string): Promise<WishAnswer>
  returnEntry(traceNumber: string, how: { code: string; addendaInformation?: string }): Promise<WishAnswer>
  correct(traceNumber: string, how: { code: string; correctedData?: string }): Promise<WishAnswer>
  listRules(): Promise<readonly InForce<Rule>[]>
  addRule(rule: Rule): Promise<InForce<Rule>>
  /** Whether there was such a rule. */
  removeRule(id: string): Promise<boolean>
  listFaults(): Promise<readonly InForce<Fault>[]>
  addFault(fault: Fault): Promise<InForce<Fault>>
  /** How many files the bank left for us that it could not leave before. */
  clearFaults(): Promise<number>
}>
