import type { Command } from 'commander'
import { type Answer, addVerb, type Paint } from '../command-line.ts'
import { type Connection, connect, type Needs, wordsFor } from './connection.ts'
import { chooseCredentials } from './credentials.ts'
import type { DeveloperTools } from './tools.ts'

export type Given = Readonly<{
  args: readonly string[]
  /** Each as its parser left it. */
  options: Readonly<Record<string, unknown>>
  paint: Paint
}>

/** Words that go together badly: nothing was done. */
export class UsedWrongly extends Error {}

/** It cannot be done, for a reason that is no answer of the API's. */
export class Refused extends Error {}

type Verb = (given: Given) => Promise<Answer | undefined>
type ApiVerb = (connection: Connection, given: Given) => Promise<Answer | undefined>

/** Ties a verb to the command line: does it, and says what came of it. Undefined: it has said everything itself. */
export const tie = ({ terminal }: Pick<DeveloperTools, 'terminal'>, verb: Verb) =>
  async function run(this: Command): Promise<void> {
    const options = this.optsWithGlobals<Record<string, unknown>>()
    const paint = terminal.paint ?? ((_, text) => text)
    try {
      const answer = await verb({ args: this.processedArgs as string[], options, paint })
      if (answer) terminal.out(options.json ? JSON.stringify(answer.json, null, 2) : answer.text)
      if (answer?.note) terminal.note(answer.note)
      if (answer?.failed) terminal.end(1)
    } catch (error) {
      if (!(error instanceof UsedWrongly || error instanceof Refused)) throw error
      terminal.note(error.message)
      terminal.end(error instanceof UsedWrongly ? 2 : 1)
    }
  }

/** The same for a verb that speaks to the API; what the API says no to is told in its words. */
export const tieToApi = (tools: DeveloperTools, verb: ApiVerb, needs?: Needs) =>
  tie(tools, async (given) => {
    const credentials = chooseCredentials(tools, given.options.profile as string | undefined)
    try {
      return await verb(connect(tools, credentials, needs), given)
    } catch (error) {
      const words = wordsFor(error, credentials)
      if (words === undefined) throw error
      tools.terminal.note(words)
      tools.terminal.end(1)
      return undefined
    }
  })

export const addApiVerb = (parent: Command, name: string, description: string, example: string): Command =>
  withProfile(addVerb(parent, name, description, example))

export const withProfile = (verb: Command): Command =>
  verb.option('--profile <name>', 'a login that is kept, or local; rialto config show lists them')
