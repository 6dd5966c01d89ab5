import { readFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { House } from '../house.ts'
import { type Day, parseDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { redeliverReport } from '../reports/deliver-report.jobs.ts'
import { makeReportNow } from '../reports/make-reports.jobs.ts'
import { setReportDrop, setReports } from '../reports/report.commands.ts'
import { getReport, listReports, readPieces } from '../reports/report.queries.ts'
import { type Report, type ReportId, type ReportKind, reportKinds } from '../reports/report.ts'
import * as line from './command-line.ts'
import { parseReportDrop } from './report-drops.ts'

const aMerchant = '019b8eac-1180-7fec-ab66-ffc86f38d952'
const aReport = '019b8eac-1180-7a11-8e5d-7f2f3c9a4b10'
const fromMerchants = 'from rialto merchant list'
const fromReports = 'from rialto reports list'

/** `rialto reports …`: files for merchants' back offices, and where they are put. */
export function reportsCommand(openHouse: line.OpenHouse, terminal: line.Terminal = line.processTerminal): Command {
  const reports = line.openCommand('reports', "files for merchants' back offices, and where they are put", terminal)
  const run = line.runIn(openHouse, terminal)
  addReportVerbs(reports, run)
  addMerchantVerbs(reports, run)
  return reports
}

function addReportVerbs(parent: Command, run: line.Run): void {
  line
    .addVerb(parent, 'list', 'the newest hundred reports, made or not', 'rialto reports list')
    .option('--merchant <merchantId>', fromMerchants, line.idArgument)
    .action(run((house, { options }) => listed(house, (options.merchant as MerchantId | undefined) ?? null)))
  line
    .addVerb(parent, 'show', 'what a report is, or what is in it', `rialto reports show ${aReport} --content`)
    .argument('<reportId>', fromReports, line.idArgument)
    .option('--content', 'print the file itself')
    .action(run((house, { args: [id], options }) => shown(house, id as ReportId, options.content === true)))
  line
    .addVerb(
      parent,
      'make',
      'make a report now; made before, it is left as it is',
      `rialto reports make --merchant ${aMerchant} --day 2026-01-05`,
    )
    .requiredOption('--merchant <merchantId>', fromMerchants, line.idArgument)
    .requiredOption('--day <day>', 'in New York; it must be over', dayArgument)
    .option('--until <day>', 'the last day of several, 31 at most', dayArgument)
    .addOption(new Option('--kind <kind>', 'what it is about').choices(reportKinds).default('transactions'))
    .action(
      run(async (house, { options }) => {
        const period = { firstDay: options.day as Day, lastDay: (options.until ?? options.day) as Day }
        const kind = options.kind as ReportKind
        return described(await makeReportNow(house, options.merchant as MerchantId, kind, period))
      }),
    )
  line
    .addVerb(parent, 'deliver', "put a report into the merchant's drop now", `rialto reports deliver ${aReport}`)
    .argument('<reportId>', fromReports, line.idArgument)
    .action(
      run(async (house, { args: [id = ''] }) => {
        const problem = await redeliverReport(house, id as ReportId)
        return problem === undefined
          ? { json: { delivered: true, id }, text: `delivered: ${id}` }
          : { json: { delivered: false, id, problem }, text: `not delivered: ${problem}`, failed: true }
      }),
    )
}

function addMerchantVerbs(parent: Command, run: line.Run): void {
  for (const [name, says, wanted] of [
    ['on', 'make reports for a merchant every day, as at first', true],
    ['off', 'make no more reports for a merchant; those that are there stay', false],
  ] as const)
    line
      .addVerb(parent, name, says, `rialto reports ${name} ${aMerchant}`)
      .argument('<merchantId>', fromMerchants, line.idArgument)
      .action(
        run(async (house, { args: [id = ''] }) => {
          await setReports(house, id as MerchantId, wanted)
          return { json: { reports: wanted, id }, text: `reports ${name}: ${id}` }
        }),
      )
  line
    .addVerb(
      parent,
      'drop',
      "where a merchant's reports are put",
      `rialto reports drop ${aMerchant} --file settings.json`,
    )
    .argument('<merchantId>', fromMerchants, line.idArgument)
    .option('--file <file>', 'settings of a drop: docs/operators/file-drops.md; they are stored sealed')
    .option('--folder', "back to the deployment's folder")
    .action(
      run(async (house, { args: [id = ''], options }) => {
        if ((options.file === undefined) !== (options.folder === true)) throw wrong('file', 'or --folder: give one')
        const settings = options.file === undefined ? null : await readSettings(String(options.file))
        await setReportDrop(house, id as MerchantId, settings)
        const where = settings ? 'their own drop' : "the deployment's folder"
        return { json: { id, drop: settings?.kind ?? null }, text: `${id}: reports go to ${where}` }
      }),
    )
}

const wrong = (member: string, ...messages: string[]): Refusal =>
  new Refusal('invalid_request', {
    errors: messages.map((message) => ({ pointer: `/${member}`, code: 'invalid', message })),
  })

async function readSettings(file: string) {
  const value = await readFile(file, 'utf8')
    .then((text) => JSON.parse(text) as unknown)
    .catch(() => {
      throw wrong('file', `cannot be read as JSON: ${file}`)
    })
  const settings = parseReportDrop(value)
  if ('problems' in settings) throw wrong('file', ...settings.problems)
  return settings
}

function dayArgument(text: string): Day {
  const day = parseDay(text)
  if (day) return day
  throw new InvalidArgumentError('It is not a day: days look like 2026-01-05.')
}

const stateOf = ({ made, deliveredAt, attempts, problem }: Report): string => {
  if (!made) return 'not made yet'
  if (deliveredAt) return `delivered ${deliveredAt.toISOString()}`
  return attempts === 0 ? 'not delivered yet' : `not delivered in ${attempts} tries: ${problem}`
}

async function listed(house: House, merchantId: MerchantId | null): Promise<line.Answer> {
  const reports = await listReports(house, merchantId)
  const lines = reports.map((report) => `${report.id}  ${report.name}  ${stateOf(report)}`)
  return { json: { reports }, text: lines.length > 0 ? lines.join('\n') : 'There are no reports yet.' }
}

const described = (report: Report): line.Answer => ({
  json: report,
  text: [
    `${report.id}  ${report.name}`,
    `  merchant  ${report.merchantId}`,
    ...(report.made
      ? [`  rows      ${report.made.rows}`, `  bytes     ${report.made.bytes}`, `  sha256    ${report.made.sha256}`]
      : []),
    `  state     ${stateOf(report)}`,
  ].join('\n'),
})

async function shown(house: House, id: ReportId, content: boolean): Promise<line.Answer> {
  const report = await getReport(house, id)
  if (!content) return described(report)
  if (!report.made) throw new Refusal('report_not_found', { id })
  let text = ''
  for await (const piece of readPieces(house, id)) text += piece
  return { json: { id, content: text }, text: text.trimEnd() }
}
