import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { StartProblem } from '../kernel/start-problem.ts'

/** Asks a person, or reads what a program has piped in. What is answered never stands in a list of processes. */
export type Ask = (question: string) => Promise<string>

/** From the terminal without showing what is typed; otherwise everything there is on the standard input. */
export const askSecretly: Ask = async (question) => {
  if (!process.stdin.isTTY) return (await text(process.stdin)).trim()
  process.stderr.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  const left = new AbortController()
  // Ctrl-C and Ctrl-D: without an answer, nothing is done.
  lines.on('SIGINT', () => left.abort())
  lines.on('close', () => left.abort())
  try {
    return (await lines.question('', { signal: left.signal })).trim()
  } catch {
    throw new StartProblem('Nothing was answered, and nothing was changed.')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
