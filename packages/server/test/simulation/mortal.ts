import type { Sql, Tx } from '../../src/db/connect.ts'
import type { Vault } from '../../src/net/vault.ts'
import type { FileDrop } from '../../src/rails/file-drop.ts'
import type { KillSwitch } from './kill-switch.ts'
import type { Turn } from './together.ts'

/** What may befall a process at each of its steps: that it dies, and that another one takes a step first. */
export type Fate = Readonly<{ kill: KillSwitch; turn: Turn }>

type Begin = (...words: unknown[]) => Promise<unknown>
type Work = (tx: Tx) => unknown

/** The database, for a process that may die before each statement, before each commit and right after it. */
export function mortalSql(sql: Sql, fate: Fate): Sql {
  const { kill, turn } = fate
  const begin: Begin = async (...words) => {
    kill.step('before a transaction')
    await turn.pass()
    const work = words.at(-1) as Work
    let back = turn.send()
    const inner = async (tx: Tx) => {
      await back()
      try {
        const result = await work(mortalTx(tx, fate))
        kill.step('before a commit')
        await turn.pass()
        return result
      } finally {
        back = turn.send()
      }
    }
    const result = await (sql.begin as unknown as Begin)(...words.slice(0, -1), inner).finally(() => back())
    kill.step('right after a commit')
    return result
  }
  return new Proxy<Sql>(sql, {
    apply: statement(fate, 'before a statement'),
    get: (target, key) => (key === 'begin' ? begin : Reflect.get(target, key)),
  })
}

const mortalTx = (tx: Tx, fate: Fate): Tx => new Proxy<Tx>(tx, { apply: statement(fate, 'inside a transaction') })

/** A statement of the dead fails when somebody waits for it, as one does whose connection is gone: not sooner. */
const statement =
  ({ kill, turn }: Fate, where: string) =>
  (target: object, self: unknown, words: unknown[]): unknown => {
    try {
      kill.step(where)
    } catch (error) {
      return new DeadQuery(error)
    }
    const query = Reflect.apply(target as unknown as Begin, self, words)
    return turn.isAlone() || !(query instanceof Promise) ? query : inTurn(query, turn)
  }

/** A query is sent when somebody waits for it, and parts of others never are: so it waits for its turn then. */
function inTurn(query: Promise<unknown>, turn: Turn): Promise<unknown> {
  const { then: send } = query
  let answer: Promise<unknown> | undefined
  const ask = async () => {
    await turn.pass()
    const back = turn.send()
    try {
      return await new Promise((done, fail) => send.call(query, done, fail))
    } finally {
      await back()
    }
  }
  const wait: Promise<unknown>['then'] = (done, failed) => {
    answer ??= ask()
    return answer.then(done, failed)
  }
  return Object.defineProperty(query, 'then', { value: wait })
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

/** Sealing changes nothing that anybody else could see: nobody waits for a turn to do it. */
export const mortalVault = (vault: Vault, { kill }: Fate): Vault => ({
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
export function mortalDrop(drop: FileDrop, { kill, turn }: Fate): FileDrop {
  const both = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    kill.step(`before ${what}`)
    await turn.pass()
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
