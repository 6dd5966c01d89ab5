import { Command, CommanderError } from 'commander'
import type { House } from '../src/house.ts'
import type { OpenHouse, Terminal } from '../src/main/command-line.ts'

/** What a person would see, and the exit code a script would. */
export type Seen = Readonly<{ out: string; note: string; code: number }>

/** A command line with these commands, on a house that stays open. */
export function openTestTerminal(
  house: () => House,
  ...commands: ((openHouse: OpenHouse, terminal: Terminal) => Command)[]
) {
  async function rialto(...words: string[]): Promise<Seen> {
    const seen = { out: '', note: '', code: 0 }
    const terminal: Terminal = {
      out(text) {
        seen.out += `${text}\n`
      },
      note(text) {
        seen.note += `${text}\n`
      },
      end(code) {
        seen.code = code
      },
      leave(code) {
        seen.code = code
      },
    }
    const open = async () => ({ house: house(), close: async () => undefined })
    const program = new Command('rialto')
    for (const command of commands) program.addCommand(command(open, terminal))
    await program.parseAsync(words, { from: 'user' }).catch((error) => {
      if (!(error instanceof CommanderError)) throw error
    })
    return seen
  }
  return { rialto, json: async (...words: string[]) => JSON.parse((await rialto(...words, '--json')).out) }
}
