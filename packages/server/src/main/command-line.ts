import { Command, InvalidArgumentError } from 'commander'
import type { House } from '../house.ts'
import { looksLikeId } from '../kernel/id.ts'
import { Refusal, refusals } from '../kernel/refusal.ts'

export type OpenHouse = () => Promise<{ house: House; close(): Promise<void> }>

/** Where a command writes, and how it ends: 0 done, 1 refused, 2 used wrongly. */
export type Terminal = Readonly<{
  out(text: string): void
  note(text: string): void
  /** When everything that is open has been closed. */
  end(code: number): void
  /** At once: nothing is open yet. */
  leave(code: number): void
}>

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  end(code) {
    process.exitCode = code
  },
  leave: (code) => process.exit(code),
}

/** What a command has to say: to a program, and to a person. `note` goes to the person only. */
export type Answer = Readonly<{ json: unknown; text: string; note?: string }>

type Given = Readonly<{
  args: readonly string[]
  options: Readonly<Record<string, string | string[] | boolean | undefined>>
}>

type Verb = (house: House, given: Given) => Promise<Answer>

/** Ties a verb to the command line: opens the house, does one thing, says what came of it, closes the house. */
export type Run = (verb: Verb) => (this: Command) => Promise<void>

export const runIn = (openHouse: OpenHouse, terminal: Terminal): Run =>
  function tie(verb) {
    return async function run(this: Command): Promise<void> {
      const options = this.opts<Given['options']>()
      const { house, close } = await openHouse()
      try {
        const answer = await verb(house, { args: this.processedArgs as string[], options })
        terminal.out(options.json ? JSON.stringify(answer.json, null, 2) : answer.text)
        if (answer.note) terminal.note(answer.note)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        terminal.note(refusalText(error))
        terminal.end(1)
      } finally {
        await close()
      }
    }
  }

function refusalText(refusal: Refusal): string {
  const [, errorCode, , message, remedy] = refusals[refusal.code]
  const errors = (refusal.facts.errors ?? []) as { pointer: string; message: string }[]
  const details = errors.map(({ pointer, message: why }) => `  ${pointer.slice(1)} ${why}`)
  return [`${errorCode}: ${message}`, ...(details.length > 0 ? details : [`  ${remedy}`])].join('\n')
}

/** Commander ends the process with 1 when it is used wrongly; here 1 says refused, and 2 used wrongly. */
export function openCommand(name: string, description: string, terminal: Terminal): Command {
  return new Command(name)
    .description(description)
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .exitOverride((error) => {
      terminal.leave(error.exitCode === 0 ? 0 : 2)
      // Only where leaving does not end the program, as in a test.
      throw error
    })
}

/** The same dress for every verb: `--json`, and an example under its help. */
export const addVerb = (parent: Command, name: string, description: string, example: string): Command =>
  parent
    .command(name)
    .description(description)
    .option('--json', 'answer with JSON')
    .addHelpText('after', `\nExample:\n  ${example}`)

export function idArgument(text: string): string {
  if (looksLikeId(text)) return text.toLowerCase()
  throw new InvalidArgumentError('It is not an id: ids look like 019b8eac-1180-7fec-ab66-ffc86f38d952.')
}

/** For options that may be repeated. */
export const collect = (text: string, soFar: readonly string[] = []): string[] => [...soFar, text]
