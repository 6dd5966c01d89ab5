import { Command, CommanderError } from 'commander'
import type { House } from '../src/house.ts'
import { keysCommand } from '../src/main/keys-command.ts'
import { merchantCommand } from '../src/main/merchant-command.ts'

/** What a person would see, and the exit code a script would. */
export type Seen = Readonly<{ out: string; note: string; code: number }>

/** `rialto` on a house that is open already. */
export async function rialto(house: House, ...words: string[]): Promise<Seen> {
  const seen = { out: '', note: '', code: 0 }
  const terminal = {
    out(text: string) {
      seen.out += `${text}\n`
    },
    note(text: string) {
      seen.note += `${text}\n`
    },
    end(code: number) {
      seen.code = code
    },
    leave(code: number) {
      seen.code = code
    },
  }
  const open = async () => ({ house, close: async () => undefined })
  const program = new Command('rialto')
    .addCommand(merchantCommand(open, terminal))
    .addCommand(keysCommand(open, terminal))
  await program.parseAsync(words, { from: 'user' }).catch((error) => {
    if (!(error instanceof CommanderError)) throw error
  })
  return seen
}
