import { styleText } from 'node:util'
import { Command, InvalidArgumentError } from 'commander'
import type { House } from '../house.ts'
import { looksLikeId } from '../kernel/id.ts'
import { Refusal, refusals } from '../kernel/refusal.ts'

export type OpenHouse = () => Promise<{ house: House; close(): Promise<void> }>

/** Colours for a person's eyes; where nobody looks, the text as it is. */
export type Paint = (colour: 'red' | 'yellow' | 'green' | 'dim', text: string) => string

/** Where a command writes, and how it ends: 0 done, 1 refused or not as it should be, 2 used wrongly. */
export type Terminal = Readonly<{
  out(text: string): void
  note(text: string): void
  /** Left away: no colours. */
  paint?: Paint
  /** How many characters a line of a person's terminal has. */
  width?: number | undefined
  /** When everything that is open has been closed. */
  end(code: number): void
  /** At once: nothing is open yet. */
  leave(code: number): void
}>

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  // By itself it keeps to a file, a pipe and NO_COLOR.
  paint: (colour, text) => styleText(colour, text, { stream: process.stdout }),
  width: process.stdout.columns,
  end(code) {
    process.exitCode = code
  },
  leave: (code) => process.exit(code),
}

/**
 * What a command has to say: to a program, and to a person. `note` goes to the person only. `failed`: it was asked
 * whether something is as it should be, and it is not.
 */
export type Answer = Readonly<{ json: unknown; text: string; note?: string; failed?: boolean }>

type Given = Readonly<{
  args: readonly string[]
  options: Readonly<Record<string, string | string[] | boolean | undefined>>
  paint: Paint
}>

type Verb = (house: House, given: Given) => Promise<Answer>

/** Ties a verb to the command line: opens the house, does one thing, says what came of it, closes the house. */
export type Run = (verb: Verb) => (this: Command) => Promise<void>

export const runIn = (openHouse: OpenHouse, terminal: Terminal): Run =>
  function tie(verb) {
    return async function run(this: Command): Promise<void> {
      // A group that is a verb itself takes the `--json` of the verbs below it.
      const options = this.optsWithGlobals<Given['options']>()
      const { house, close } = await openHouse()
      try {
        const paint = terminal.paint ?? ((_, text) => text)
        const answer = await verb(house, { args: this.processedArgs as string[], options, paint })
        terminal.out(options.json ? JSON.stringify(answer.json, null, 2) : answer.text)
        if (answer.note) terminal.note(answer.note)
        if (answer.failed) terminal.end(1)
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
  const says = typeof refusal.facts.says === 'string' ? [`  ${refusal.facts.says}`] : []
  return [`${errorCode}: ${message}`, ...says, ...(details.length > 0 ? details : [`  ${remedy}`])].join('\n')
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

export function countArgument(text: string): string {
  if (/^[1-9]\d{0,2}$|^1000$/.test(text)) return text
  throw new InvalidArgumentError('It is not a number from 1 to 1000.')
}

/** `--limit`, for lists: the newest so many. */
export const withLimit = (verb: Command, otherwise: string): Command =>
  verb.option('--limit <count>', 'how many, at most a thousand', countArgument, otherwise)

/** For options that may be repeated. */
export const collect = (text: string, soFar: readonly string[] = []): string[] => [...soFar, text]
