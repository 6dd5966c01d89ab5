/** What a process that was killed throws at everything that it still tries. */
export class Killed extends Error {
  override name = 'Killed'
}

/** Ends a pretend process at a call to the outside: the nth statement, commit, sealing or file, from now on. */
export type KillSwitch = Readonly<{
  /** Null: it lives. A new process begins here. */
  arm(atCall: number | null): void
  /** Where it died. Null: it did not. */
  died(): string | null
  /** Called between any two steps. */
  step(where: string): void
}>

export function openKillSwitch(): KillSwitch {
  let left: number | null = null
  let died: string | null = null
  return {
    arm(atCall) {
      left = atCall
      died = null
    },
    died: () => died,
    step(where) {
      // The dead do nothing more, whatever they would have caught.
      if (died !== null) throw new Killed(`died ${died}`)
      if (left === null || --left > 0) return
      died = where
      throw new Killed(`died ${where}`)
    },
  }
}
