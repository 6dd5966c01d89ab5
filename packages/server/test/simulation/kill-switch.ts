import type { Sql, Tx } from '../../src/db/connect.ts'
import type { Vault } from '../../src/net/vault.ts'
import type { FileDrop } from '../../src/rails/file-drop.ts'

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

type Begin = (...words: unknown[]) => Promise<unknown>
type Work = (tx: Tx) => unknown

/** The database, for a process that may die before each statement, before each commit and right after it. */
export function mortalSql(sql: Sql, kill: KillSwitch): Sql {
  const begin: Begin = async (...words) => {
    kill.step('before a transaction')
    const work = words.at(-1) as Work
    const inner = async (tx: Tx) => {
      const result = await work(mortalTx(tx, kill))
      kill.step('before a commit')
      return result
    }
    const result = await (sql.begin as unknown as Begin)(...words.slice(0, -1), inner)
    kill.step('right after a commit')
    return result
  }
  return new Proxy<Sql>(sql, {
    apply: statement(kill, 'before a statement'),
    get: (target, key) => (key === 'begin' ? begin : Reflect.get(target, key)),
  })
}

const mortalTx = (tx: Tx, kill: KillSwitch): Tx => new Proxy<Tx>(tx, { apply: statement(kill, 'inside a transaction') })

/** A statement of the dead fails when somebody waits for it, as one does whose connection is gone: not sooner. */
const statement =
  (kill: KillSwitch, where: string) =>
  (target: object, self: unknown, words: unknown[]): unknown => {
    try {
      kill.step(where)
    } catch (error) {
      return new DeadQuery(error)
    }
    return Reflect.apply(target as unknown as Begin, self, words)
  }

class DeadQuery implements PromiseLike<never> {
  readonly #error: unknown
  constructor(error: unknown) {
    this.#error = error
  }
  // biome-ignore lint/suspicious/noThenProperty: a query is a promise that begins when it is awaited, and so is this.
  then<A = never, B = never>(
    _done?: ((value: never) => A | PromiseLike<A>) | null,
    failed?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return Promise.reject(this.#error).catch(failed)
  }
  catch<B>(failed: (error: unknown) => B | PromiseLike<B>): Promise<B> {
    return Promise.reject(this.#error).catch(failed)
  }
}

export const mortalVault = (vault: Vault, kill: KillSwitch): Vault => ({
  ...vault,
  async seal(text, context) {
    kill.step('before sealing')
    return vault.seal(text, context)
  },
  async open(sealed, context) {
    kill.step('before opening what is sealed')
    return vault.open(sealed, context)
  },
})

/** The drop: dying after a call means that the bank has the file, and the process never heard so. */
export function mortalDrop(drop: FileDrop, kill: KillSwitch): FileDrop {
  const both = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    kill.step(`before ${what}`)
    const result = await call()
    kill.step(`right after ${what}`)
    return result
  }
  return {
    ...drop,
    put: (name, content) => both('putting a file', () => drop.put(name, content)),
    list: () => both('listing the drop', () => drop.list()),
    get: (name) => both('getting a report', () => drop.get(name)),
    done: (name) => both('moving a report away', () => drop.done(name)),
  }
}
