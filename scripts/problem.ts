/** Why a command cannot go on, in one sentence that says what to do. Printed without a stack. */
export class Problem extends Error {
  override name = 'Problem'
}

/** Runs a command of ours to its end: 0, or 1 with the problem's sentence. Anything else is our fault, and throws. */
export async function exitAfter(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    console.error(`\n✗ ${error.message}`)
    process.exitCode = 1
  }
}
