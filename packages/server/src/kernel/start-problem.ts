/** Why the house cannot open, in one sentence that says what to do. Printed without a stack. */
export class StartProblem extends Error {
  override name = 'StartProblem'
}
