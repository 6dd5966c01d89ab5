import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { node, start, stop } from '../measuring/processes.ts'

/** A process beside the bench, which does what it is asked, one thing at a time. */
export type Part = Readonly<{
  pid: number
  ask<A>(order: unknown): Promise<A>
  stop(): Promise<void>
}>

const programOf = (name: string): string => fileURLToPath(new URL(`./${name}.ts`, import.meta.url))

/** Starts a program of this folder, and waits until it can be asked. */
export async function startPart(name: string, env: NodeJS.ProcessEnv, nodeArgs: readonly string[] = []): Promise<Part> {
  const child = start(node, [...nodeArgs, programOf(name)], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  await answer(child, name)
  return {
    pid: child.pid ?? 0,
    ask: (order) => {
      child.send(order as object)
      return answer(child, name)
    },
    stop: () => stop(child),
  }
}

async function answer<A>(child: ChildProcess, name: string): Promise<A> {
  const over = new AbortController()
  const ended = once(child, 'exit', { signal: over.signal }).then(([code]) => {
    throw new Error(`${name} ended with ${code}`)
  })
  const said = once(child, 'message', { signal: over.signal }).then(([message]) => message as A)
  try {
    return await Promise.race([said, ended])
  } finally {
    ended.catch(() => undefined)
    over.abort()
  }
}

/** The other side: says that it can be asked, then answers every order in turn. */
export function beAsked(work: (order: never) => Promise<unknown>): void {
  process.on('message', (order) => {
    work(order as never).then(
      (result) => process.send?.(result ?? null),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
  process.send?.('ready')
}

/** Milliseconds of a clock that all processes of this machine share. */
export const sharedMs = (): number => Number(process.hrtime.bigint()) / 1e6
