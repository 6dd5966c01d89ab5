export type ValidateOptions = Readonly<{
  /** The bank wants balanced files: the debits of each batch equal its credits. */
  balanced?: boolean | undefined
  /**
   * The file comes from an operator or a receiving bank, not from an originator: settlement days are filled in, and
   * entries may be returns and notifications of change.
   */
  fromOperator?: boolean | undefined
  /** WEB credits, which are between persons, are among what we originate. */
  personToPerson?: boolean | undefined
}>
