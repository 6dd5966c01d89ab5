import { Command, CommanderError } from 'commander'
import type { House } from '../src/house.ts'
import type { OpenHouse, Terminal } from '../src/main/command-line.ts'

/** What a person would see, and the exit code a script would. */
export type Seen = Readonly<{ out: string; note: string; code: number }>

/** A terminal that remembers what was written to it. */
export function openSeenTerminal(): { seen: Seen; terminal: Terminal } {
  const seen = { out: '', note: '', code: 0 }
  const end = (code: number) => {
    seen.code = code
  }
  const terminal: Terminal = {
    out(text) {
      seen.out += `${text}\n`
    },
    note(text) {
      seen.note += `${text}\n`
    },
    end,
    leave: end,
  }
  return { seen, terminal }
}

/** Runs one of the commands with these words. What is wrong with the words has been said on the terminal. */
export async function runCommand(commands: readonly Command[], words: readonly string[]): Promise<void> {
  const program = new Command('rialto')
  for (const command of commands) program.addCommand(command)
  await program.parseAsync(words, { from: 'user' }).catch((error: unknown) => {
    if (!(error instanceof CommanderError)) throw error
  })
}

/** A command line with these commands, on a house that stays open. */
export function openTestTerminal(
  house: () => House,
  ...commands: ((openHouse: OpenHouse, terminal: Terminal) => Command)[]
) {
  async function rialto(...words: string[]): Promise<Seen> {
    const { seen, terminal } = openSeenTerminal()
    const open = async () => ({ house: house(), close: async () => undefined })
    const built = commands.map((command) => command(open, terminal))
    await runCommand(built, words)
    return seen
  }
  return { rialto, json: async (...words: string[]) => JSON.parse((await rialto(...words, '--json')).out) }
}
