import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Entry,
  type FileHeader,
  type ReadEntry,
  type ReadResult,
  readFile as readNacha,
  type SecCode,
  transactionCode,
  writeFile as writeNacha,
} from '@rialto/nacha'
import { banks } from '../src/banks/bank.ts'
import { characters } from '../src/banks/characters.ts'
import { accountNumber } from '../src/banks/seed.ts'
import { atEastern } from '../src/fed/banking-day.ts'
import { openTestSandbox, type TestSandbox } from './test-sandbox.ts'

/** The platform as its bank knows it, sending files and reading what comes back. */

const ORIGIN = '1999999999'
const MERIDIAN = '044444444'

export type Draft = Readonly<{
  to?: string
  /** The bank's slug; its routing number is used unless another is given. */
  bank?: string
  routingNumber?: string
  number?: string
  amount?: bigint
  kind?: 'checking' | 'savings' | 'loan'
  direction?: 'debit' | 'credit'
  purpose?: 'live' | 'prenote'
  sec?: SecCode
  name?: string
  individualId?: string
  description?: string
  company?: string
  effective?: string
  trace?: string
  addenda?: Entry['addenda']
  transactionCode?: number
}>

export const at = (text: string): Date => atEastern(text.slice(0, 10), text.slice(11))

/** The number a character has at a bank from the beginning. */
export function numberOf(
  slug: string,
  login: string,
  kind: 'checking' | 'savings' | 'credit_card' | 'loan' = 'checking',
) {
  const bank = banks.find((one) => one.slug === slug)
  if (!bank) throw new Error(`no bank ${slug}`)
  return accountNumber(bank, characters.findIndex((one) => one.login === login) + 1, kind)
}

const routingNumberOf = (slug: string): string => banks.find((one) => one.slug === slug)?.routingNumber ?? MERIDIAN

/** A world that stands at an instant, with nothing in its drop. */
export async function openOriginator(start: string, options: Parameters<typeof openTestSandbox>[0] = {}) {
  // The machine's clock stands too, so that nothing happens but what a test asks for.
  const sandbox = await openTestSandbox({ now: () => at(start), tickMs: 0, ...options })
  await sandbox.control('/clock', 'PUT', { standing: true })
  return originatorOf(sandbox)
}

export function originatorOf(sandbox: TestSandbox) {
  const outgoing = join(sandbox.dropFolder, 'outgoing')
  const incoming = join(sandbox.dropFolder, 'incoming')
  let sequence = 0
  let modifiers = 0
  const read = new Set<string>()

  const toEntry = (draft: Draft): Entry => {
    const { bank = 'finbank-profiles-a', to = 'profile_522', kind = 'checking', direction = 'debit' } = draft
    sequence += 1
    const purpose = draft.purpose ?? 'live'
    return {
      transactionCode: draft.transactionCode ?? transactionCode({ account: kind, direction, purpose }),
      rdfi: draft.routingNumber ?? routingNumberOf(bank),
      accountNumber: draft.number ?? numberOf(bank, to, kind === 'loan' ? 'loan' : kind),
      amount: draft.amount ?? (purpose === 'prenote' ? 0n : 25_00n),
      individualId: draft.individualId ?? `PAY-${sequence}`,
      individualName: draft.name ?? 'ADA BYRON',
      discretionary: (draft.sec ?? 'WEB') === 'WEB' ? 'S' : '',
      traceNumber: draft.trace ?? `04444444${String(sequence).padStart(7, '0')}`,
      addenda: draft.addenda,
    }
  }

  /** A file of these entries as text, a batch for each company, kind and day. */
  function write(drafts: readonly Draft[], header: Partial<FileHeader> = {}): string {
    const batches = new Map<string, { draft: Draft; entries: Entry[] }>()
    for (const draft of drafts) {
      const { company, sec, effective, description } = draft
      const key = JSON.stringify([company, sec, effective, description])
      const batch = batches.get(key) ?? { draft, entries: [] }
      batch.entries.push(toEntry(draft))
      batches.set(key, batch)
    }
    modifiers += 1
    const whole: FileHeader = {
      ...{ immediateDestination: MERIDIAN, destinationName: 'MERIDIAN TRUST', immediateOrigin: ORIGIN },
      ...{ originName: 'RIALTO', creationDate: '2026-01-05', creationTime: '18:00' },
      fileIdModifier: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'[(modifiers - 1) % 36] ?? 'A',
      ...header,
    }
    return writeNacha(
      whole,
      [...batches.values()].map(({ draft, entries }, index) => ({
        header: {
          ...{ companyName: draft.company ?? 'NORTHWIND COFFEE', companyId: ORIGIN, secCode: draft.sec ?? 'WEB' },
          ...{ entryDescription: draft.description ?? 'PURCHASE', effectiveDate: draft.effective ?? '2026-01-06' },
          ...{ odfi: '04444444', batchNumber: index + 1, descriptiveDate: '' },
        },
        entries,
      })),
    )
  }

  async function put(text: string | Uint8Array, name = `ach-20260105-${modifiers}-x.ach`): Promise<void> {
    await writeFile(join(outgoing, `${name}.part`), text, typeof text === 'string' ? 'latin1' : undefined)
    await rename(join(outgoing, `${name}.part`), join(outgoing, name))
  }

  /** Sends entries and answers their trace numbers. */
  async function send(...drafts: Draft[]): Promise<string[]> {
    const first = sequence + 1
    await put(write(drafts))
    return drafts.map((draft, index) => draft.trace ?? `04444444${String(first + index).padStart(7, '0')}`)
  }

  /** Turns the clock; answers the names of the files that are new in the drop, in the order in which they came. */
  async function turn(to: string): Promise<string[]> {
    const { status, body } = await sandbox.control('/clock', 'PUT', { now: at(to).toISOString(), standing: true })
    if (status !== 200) throw new Error(`the clock did not turn: ${JSON.stringify(body)}`)
    return fresh()
  }

  async function fresh(): Promise<string[]> {
    const place = (name: string): number => Number(/-(\d+)\.\w+$/.exec(name)?.[1])
    const names = (await readdir(incoming)).filter((name) => !read.has(name)).sort((a, b) => place(a) - place(b))
    for (const name of names) read.add(name)
    return names
  }

  const text = (name: string): Promise<string> => readFile(join(incoming, name), 'latin1')
  const rows = async (name: string): Promise<string[][]> =>
    (await text(name))
      .split('\n')
      .slice(2, -1)
      .map((line) => line.split(','))
  const returns = async (name: string): Promise<ReadResult> => readNacha(await readFile(join(incoming, name)))

  /** What came back in the new return files, in short: `R01 for 000000000000001`. */
  async function cameBack(names: readonly string[]): Promise<string[]> {
    const files = await Promise.all(names.filter((name) => name.startsWith('returns-')).map(returns))
    const entries: readonly ReadEntry[] = files.flatMap((file) => file.batches.flatMap((batch) => [...batch.entries]))
    return entries.map(({ addenda }) =>
      addenda && 'originalTrace' in addenda ? `${addenda.code} for ${addenda.originalTrace}` : 'nothing we know',
    )
  }

  return {
    sandbox,
    control: sandbox.control,
    ...{ incoming, outgoing, write, put, send, turn, fresh, text, rows, returns, cameBack },
    balance: async (to = 'profile_522', bank = 'finbank-profiles-a', kind = 'checking'): Promise<string> =>
      (await sandbox.control(`/accounts/${bank}/${to}/${kind}`)).body.availableBalance,
    cash: async () => (await sandbox.control('/fed/cash')).body,
    entry: async (trace: string) => (await sandbox.control(`/fed/entries/${trace}`)).body,
    lie: async (): Promise<string[]> => (await readdir(outgoing)).sort(),
    forget: (name: string) => rm(join(incoming, name)),
    close: sandbox.close,
  }
}
export type Originator = ReturnType<typeof originatorOf>
