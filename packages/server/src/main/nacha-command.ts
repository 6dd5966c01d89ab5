import { createReadStream } from 'node:fs'
import { type Finding, openInspector, openValidator, renderFindings, renderInspection } from '@rialto/nacha'
import type { Command } from 'commander'
import { withCents } from './columns.ts'
import { type Answer, addVerb, countArgument, openCommand, processTerminal, type Terminal } from './command-line.ts'

type Options = Readonly<{ json?: boolean; entries?: string; fromOperator?: boolean; balanced?: boolean }>

/** Of a file that is wrong throughout, nobody reads more. */
const mostFindings = 1_000
const pieceBytes = 1 << 18
/** Where nobody's terminal cuts lines, neither do we. */
const wide = 1_000

/** `rialto nacha …`: looks at files, with no database and nothing else that runs. */
export function nachaCommand(terminal: Terminal = processTerminal): Command {
  const nacha = openCommand('nacha', 'look at NACHA files; needs nothing that runs', terminal)
  const width = terminal.width ?? wide
  const tie = (verb: (file: string, options: Options, width: number) => Promise<Answer>) =>
    async function run(this: Command): Promise<void> {
      const options = this.opts<Options>()
      try {
        const answer = await verb(String(this.processedArgs[0]), options, width)
        terminal.out(options.json ? JSON.stringify(answer.json, null, 2) : answer.text)
        if (answer.failed) terminal.end(1)
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error
        terminal.note(error.message)
        terminal.end(1)
      }
    }
  addVerb(
    nacha,
    'inspect',
    'a table of what is in it, account numbers by their last four',
    'rialto nacha inspect x.ach',
  )
    .argument('<file>', 'a file, or - for what comes in')
    .option('--entries <count>', 'how many of each batch', countArgument, '20')
    .action(tie(inspect))
  addVerb(nacha, 'validate', 'judge it by every rule of the format', 'rialto nacha validate x.ach')
    .argument('<file>', 'a file, or - for what comes in')
    .option('--from-operator', 'it comes from a bank: returns and notifications are in place')
    .option('--balanced', "each batch's debits and credits must be equal")
    .action(tie(validate))
  return nacha
}

/** Why a file cannot be looked at, in a sentence. */
class Unreadable extends Error {}

const troubles: Readonly<Record<string, string>> = {
  ...{ ENOENT: 'there is no such file', EISDIR: 'it is a directory', EACCES: 'you may not read it' },
}

/** A file of any size, some bytes at a time. */
async function eachPiece(file: string, take: (piece: Uint8Array) => void): Promise<void> {
  const stream = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: pieceBytes })
  let bytes = 0
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      bytes += piece.length
      take(piece)
    }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new Unreadable(`${file}: ${troubles[code] ?? message}`)
  }
  if (bytes === 0) throw new Unreadable(`${file}: it is empty`)
}

async function inspect(file: string, { entries }: Options, width: number): Promise<Answer> {
  const inspector = openInspector({ entries: Number(entries) })
  await eachPiece(file, inspector.push)
  const inspection = inspector.end()
  const text = renderInspection(inspection, { width }).trimEnd()
  return { json: withCents(inspection), text, failed: inspection.findingCount > 0 }
}

async function validate(file: string, { fromOperator, balanced }: Options, width: number): Promise<Answer> {
  const validator = openValidator({ fromOperator, balanced })
  const findings: Finding[] = []
  let count = 0
  const keep = (more: readonly Finding[]) => {
    count += more.length
    findings.push(...more.slice(0, mostFindings - findings.length))
  }
  await eachPiece(file, (piece) => keep(validator.push(piece)))
  keep(validator.end())
  findings.sort((a, b) => a.line - b.line)
  const more = count - findings.length
  const text = renderFindings(findings, { width }).trimEnd() + (more > 0 ? `\n  … and ${more} more` : '')
  return { json: { findings, count }, text, failed: count > 0 }
}
