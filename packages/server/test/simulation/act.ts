import { Refusal } from '../../src/kernel/refusal.ts'
import type { Process } from './deployment.ts'
import { Killed } from './kill-switch.ts'

/** How it went when a process tried something. */
export type Attempt = Readonly<
  | { kind: 'done' | 'refused'; says: string }
  | { kind: 'killed'; says: string }
  /** As it should where something is away; `broken`: as nothing ever should. */
  | { kind: 'failed' | 'broken'; says: string; error: unknown }
>

/** Something that a process does: a job, or what somebody wishes. */
export type Act = Readonly<{
  says: string
  by(process: Process): Promise<Attempt>
  /** After one process has tried it, or two at once. */
  end(attempts: readonly Attempt[]): Promise<void>
}>

/** Does something in a process that may die of it, at the nth step; null: it lives. */
export async function attempt(process: Process, diesAt: number | null, work: () => Promise<unknown>): Promise<Attempt> {
  const { kill } = process
  kill.arm(diesAt)
  const error = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  const died = kill.died()
  kill.arm(null)
  if (died !== null) return { kind: 'killed', says: `killed ${died}` }
  if (error === undefined) return { kind: 'done', says: 'done' }
  if (error instanceof Refusal) return { kind: 'refused', says: error.code }
  if (error instanceof Killed) throw error
  return { kind: 'failed', says: `failed, ${error instanceof Error ? error.message : String(error)}`, error }
}
