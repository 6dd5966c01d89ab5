import type { House } from '../house.ts'
import { StartProblem } from '../kernel/start-problem.ts'
import { openDrop, parseDrop } from '../rails/drops/read-settings.ts'
import type { FileDrop } from '../rails/file-drop.ts'
import { parseOriginatingBanks } from '../rails/originating-bank.ts'

/** The banks that send our files, each with its drop. A drop is opened when it is first used. */
export function openOriginatingBanks(list: unknown): Pick<House, 'originatingBanks' | 'drop'> {
  const banks = parseOriginatingBanks(list)
  if ('problems' in banks) throw problem(banks.problems)
  const settings = new Map(
    banks.map(({ id, drop }) => {
      const parsed = parseDrop(drop)
      if ('problems' in parsed) throw problem(parsed.problems.map((one) => `the drop of '${id}': ${one}`))
      return [id, parsed]
    }),
  )
  const open = new Map<string, FileDrop>()
  return {
    originatingBanks: banks,
    drop(bankId) {
      const known = open.get(bankId)
      if (known) return known
      const wanted = settings.get(bankId)
      if (!wanted) throw new Error(`broken promise: the originating bank '${bankId}' is configured`)
      const drop = openDrop(wanted)
      open.set(bankId, drop)
      return drop
    },
  }
}

const problem = (problems: readonly string[]): StartProblem =>
  new StartProblem(`The list of originating banks is not right: ${problems.join('; ')}.`)
