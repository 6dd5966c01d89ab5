import { type Command, Option } from 'commander'
import type { House } from '../house.ts'
import { Money } from '../kernel/money.ts'
import { releaseFile, withdrawFile } from '../rails/ach/ach-file.commands.ts'
import {
  type FileFilter,
  type FileStory,
  type FileSummary,
  getFileBytes,
  getFileStory,
  listFiles,
} from '../rails/ach/ach-file.queries.ts'
import { type AchFileId, type AchFileStatus, achFileStatuses } from '../rails/ach/ach-file.ts'
import { columns, harmless, withCents } from './columns.ts'
import * as line from './command-line.ts'

const aFile = '019b8eac-1180-7c21-9d53-4a7be1f0a6d2'
const fromList = 'from rialto ach files'

const dollars = (cents: bigint): string => Money.format(Money.of(cents))
const people = (many: number): string => (many === 1 ? 'one person' : `${many} people`)
const counted = (entries: number): string => (entries === 1 ? '1 entry' : `${entries.toLocaleString('en-US')} entries`)

export function addFileVerbs(ach: Command, run: line.Run): void {
  line
    .withLimit(line.addVerb(ach, 'files', 'files for the bank, the newest first', 'rialto ach files'), '20')
    .option('--bank <bankId>', 'of this bank')
    .addOption(new Option('--status <status>', 'in this state').choices(achFileStatuses))
    .action(run((house, { options, paint }) => files(house, options as FilesOptions, paint)))
  line
    .addVerb(
      ach,
      'file',
      'a file: its batches, totals, releases and the answer of the bank',
      `rialto ach file ${aFile}`,
    )
    .argument('<fileId>', fromList, line.idArgument)
    .addOption(new Option('--raw', 'the file itself, byte for byte: it holds whole account numbers').conflicts('json'))
    .action(run((house, { args: [id], options }) => (options.raw ? raw : file)(house, id as AchFileId)))
  line
    .addVerb(ach, 'release', 'let a file leave: the second person does', `rialto ach release ${aFile} --by "Ada Byron"`)
    .argument('<fileId>', fromList, line.idArgument)
    .requiredOption('--by <name>', 'who you are')
    .action(run((house, { args: [id], options }) => release(house, id as AchFileId, String(options.by))))
  const example = `rialto ach withdraw ${aFile} --by "Ada Byron" --reason "wrong company id"`
  line
    .addVerb(ach, 'withdraw', 'take back a file that was not sent; its payments go with the next cut-off', example)
    .argument('<fileId>', fromList, line.idArgument)
    .requiredOption('--by <name>', 'who you are')
    .requiredOption('--reason <text>', 'why')
    .option('--not-at-bank', 'sending has begun, and the bank has told you that it has not got the file')
    .action(run((house, { args: [id], options }) => withdraw(house, id as AchFileId, options)))
}

type FilesOptions = Readonly<{ bank?: string; status?: AchFileStatus; limit: string }>

async function files(house: House, { bank, status, limit }: FilesOptions, paint: line.Paint): Promise<line.Answer> {
  const filter: FileFilter = {
    limit: Number(limit),
    ...(bank === undefined ? {} : { bankId: bank }),
    ...(status === undefined ? {} : { status }),
  }
  const found = await listFiles(house, filter)
  const json = { files: withCents(found) }
  if (found.length === 0) return { json, text: bank || status ? 'There is no such file.' : 'There are no files yet.' }
  const head = ['file', 'bank', 'made', '', 'speed', 'effective', 'entries', 'debits', 'credits', 'status']
  const rows = found.map((one) => [
    ...[one.id, one.bankId, `${one.creationDate} ${one.creationTime}`, one.modifier, one.speed, one.effectiveOn],
    ...[String(one.entries), dollars(one.debits), dollars(one.credits), statusText(one, paint)],
  ])
  return { json, text: columns([head.map((word) => paint('dim', word)), ...rows], [6, 7, 8]) }
}

const colours = { accepted: 'green', rejected: 'red', withdrawn: 'dim' } as const

function statusText({ status, waitsFor }: FileSummary, paint: line.Paint): string {
  if (waitsFor > 0) return paint('yellow', `${status}, ${people(waitsFor)} must release it`)
  return status in colours ? paint(colours[status as keyof typeof colours], status) : status
}

async function file(house: House, id: AchFileId): Promise<line.Answer> {
  const story = await getFileStory(house, id)
  const { bytes, ...rest } = story
  const rows = factsOf(story).filter(([, value]) => value !== undefined) as [string, string][]
  const batches = story.batches.map((batch) => [
    ...[`  ${batch.number}`, batch.secCode, batch.direction, harmless(batch.description), harmless(batch.companyName)],
    ...[counted(batch.entries), dollars(batch.amount), batch.settledOn ? `settled ${batch.settledOn}` : ''],
  ])
  const text = [columns(rows), 'batches', columns(batches, [6])].join('\n')
  return { json: withCents({ ...rest, bytes: bytes === null ? null : Number(bytes) }), text }
}

function factsOf(story: FileStory): [string, string | undefined][] {
  const { withdrawn, answer, message, releases } = story
  const at = (instant: Date | null) => instant?.toISOString()
  const offsets = story.batches.filter(({ offsetTrace }) => offsetTrace !== null).length
  const by = releases.map((one) => `${harmless(one.by)} (${one.at.toISOString()})`).join(', ')
  return [
    ['file', story.id],
    ['name', story.name],
    ['bank', story.bankId],
    ['made', `${story.creationDate} ${story.creationTime} Eastern, ${story.modifier}`],
    ['cut-off', `${story.cutOffAt.toISOString()}, part ${story.part}`],
    ['speed', `${story.speed}, effective ${story.effectiveOn}`],
    ['status', statusText(story, (_, text) => text)],
    ['totals', `${counted(story.entries)}, debits ${dollars(story.debits)}, credits ${dollars(story.credits)}`],
    ['offset', offsets > 0 ? `${counted(offsets)} of our own account besides, to balance each batch` : undefined],
    ['sha-256', story.sha256 ? `${story.sha256}, ${story.bytes} bytes` : undefined],
    ['built', at(story.builtAt)],
    ['released', story.needsRelease ? by || 'by nobody' : 'not needed'],
    ['offered', at(story.offeredAt)],
    ['sent', at(story.sentAt)],
    ['answer', answer ? harmless([answer, message].filter(Boolean).join(': ')) : undefined],
    ['answered', at(story.acknowledgedAt)],
    [
      'withdrawn',
      withdrawn ? `${at(withdrawn.at)} by ${harmless(withdrawn.by)}: ${harmless(withdrawn.because)}` : undefined,
    ],
  ]
}

/** Asked for by name, and the operator's own file: this is what the bank got. Nothing else shows a whole number. */
async function raw(house: House, id: AchFileId): Promise<line.Answer> {
  const text = (await getFileBytes(house, id)).toString('latin1')
  // The terminal ends a text with a line end of its own, so the bytes come out as they were stored.
  return {
    json: undefined,
    text: text.replace(/\n$/, ''),
    note: 'It holds whole account numbers: keep it from others.',
  }
}

async function release(house: House, id: AchFileId, by: string): Promise<line.Answer> {
  const { releases, isReleased, isNew, isLate } = await releaseFile(house, id, by)
  const names = releases.map((one) => one.by)
  const waits = isNew ? 'another person has to, before it leaves' : 'that is you already; another person has to'
  return {
    json: { fileId: id, releasedBy: names, released: isReleased, late: isLate },
    text: `released by ${harmless(names.join(' and '))}: ${isReleased ? 'it is being sent' : waits}`,
    ...(isLate ? { note: late } : {}),
  }
}

const late =
  'Its effective date has come, so the bank may settle it at another time than it says. To send its payments with a new\n' +
  'date, take it back before it leaves: rialto ach withdraw.'

async function withdraw(house: House, id: AchFileId, options: Readonly<Record<string, unknown>>): Promise<line.Answer> {
  const wish = { by: String(options.by), because: String(options.reason), notAtBank: options.notAtBank === true }
  const { entries } = await withdrawFile(house, id, wish)
  return {
    json: { done: 'withdraw', id, entries },
    text: `withdrawn: ${counted(entries)} of it will go with the next cut-off`,
  }
}
