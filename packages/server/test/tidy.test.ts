import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const widest = 120
const longest = 300

/** A pattern that a line may not match, where it may all the same, and why it may not elsewhere. */
type Rule = Readonly<{ banned: RegExp; only?: RegExp; except?: readonly RegExp[]; why: string }>

const tests = [/\.(test|browser)\.tsx?$/, /^(packages|examples)\/[^/]+\/test\//]
/** Commands for a person: they have no house, and tell the time and read the environment themselves. */
const tools = [/^scripts\//, /^bench\//, /^e2e\//, /\.config\.ts$/]
/** A merchant's own program, and where the pretend world and a merchant's client are lent a clock and ids. */
const houseless = [
  /^examples\//,
  /^packages\/sandbox\/src\/open-sandbox\.ts$/,
  /^packages\/node-sdk\/src\/machine\.ts$/,
]
const browser = /^packages\/(link|ui|portal|web-sdk)\//
/** Where a program begins, and all that it needs is read and chosen. */
const beginnings = [
  /^packages\/server\/src\/main\//,
  /^packages\/sandbox\/src\/(main|config)\.ts$/,
  /^examples\/[^/]+\/src\/main\.ts$/,
]

const rules: readonly Rule[] = [
  {
    banned: /process\.env/,
    except: [...beginnings, ...tools, ...tests],
    why: 'configuration is read once, where a program begins, and passed',
  },
  {
    banned: /Date\.now\(|new Date\(\)/,
    except: [/^packages\/server\/src\/main\/(compose|clock)\.ts$/, browser, ...houseless, ...tools, ...tests],
    why: 'time comes from house.now()',
  },
  {
    banned: /Math\.random|randomUUID/,
    except: [/^packages\/server\/src\/main\/compose\.ts$/, ...houseless, ...tools, ...tests],
    why: 'ids come from house.newId(), unguessable bytes from house.random()',
  },
  { banned: /(?::|\bas|<|\|)\s*any\b(?!\s+\w)|@ts-(ignore|nocheck)/, why: 'say what it is' },
  {
    banned: /parseFloat|Number\([^)]*amount/i,
    except: [/^packages\/server\/src\/kernel\/money\.ts$/],
    why: 'amounts are whole minor units',
  },
  { banned: /\bTODO\b|\bFIXME\b|\bXXX\b/, why: 'open an issue or do it' },
  {
    banned: /sandbox/i,
    only: /^packages\/server\/src\//,
    except: [/^packages\/server\/src\/(main|simulations)\//, /\.test\.ts$/, /\/migrations\//],
    why: 'the platform does not know that its outside world is pretend; main/ passes what differs as a setting',
  },
]

/** Lines that break a rule for a reason. A line that is mended must leave this list: it can only get shorter. */
const ratchet: readonly Readonly<{ file: string; line: RegExp; why: string }>[] = [
  {
    file: 'packages/server/src/house.ts',
    line: /^ {2}environment: 'sandbox' \| 'production'$/,
    why: 'the wire and the hosted flow must say which of the two deployments answers',
  },
  {
    file: 'packages/server/src/linking/flow.wire.ts',
    line: /^ {4}environment: Type\.Enum\(\['sandbox', 'production'\]\),$/,
    why: 'the flow view tells the page, which says so to the customer',
  },
]

const folders = ['packages/*/src', 'packages/*/test', 'examples/*/src', 'examples/*/test', 'scripts', 'bench', 'e2e']
const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--']
const globs = folders.map((folder) => `:(glob)${folder}/**`)
const git = ['-c', `safe.directory=${root}`, ...listing, ...globs]
const files = execFileSync('git', git, { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => /\.(ts|tsx|mjs|js|css|sql)$/.test(file) && existsSync(join(root, file)))
const linesOf = (file: string) => readFileSync(join(root, file), 'utf8').split('\n')

const isForgiven = (file: string, line: string) => ratchet.some((one) => one.file === file && one.line.test(line))

/** The rules of this file would accuse the words they ban. */
const itself = 'packages/server/test/tidy.test.ts'

it('looks at all the code there is', () => {
  expect(files).toContain(itself)
  expect(files.length).toBeGreaterThan(100)
})

it('writes no line that a rule bans', () => {
  const untidy = files
    .filter((file) => file !== itself)
    .flatMap((file) =>
      linesOf(file).flatMap((line, index) =>
        rules
          .filter(
            ({ banned, only, except }) =>
              banned.test(line) && (!only || only.test(file)) && !except?.some((one) => one.test(file)),
          )
          .filter(() => !isForgiven(file, line))
          .map(({ banned, why }) => `${file}:${index + 1} has ${banned.exec(line)?.[0].trim()}: ${why}`),
      ),
    )
  expect(untidy).toEqual([])
})

/** The formatter breaks code at 120 columns. What it leaves wider is a text: a sentence, a query, a piece of a page. */
const isText = (file: string, line: string) => /\.(tsx?|mjs|js)$/.test(file) && !/^\s*(\/\/|\/?\*)/.test(line)

it('writes no line wider than 120 columns', () => {
  const wide = files.flatMap((file) =>
    linesOf(file).flatMap((line, index) =>
      line.length > widest && !isText(file, line) ? [`${file}:${index + 1} is ${line.length} columns wide`] : [],
    ),
  )
  expect(wide).toEqual([])
})

/** Every page of the hosted flow in every state, one after the other in one browser. */
const allPages = 'packages/link/test/journey.browser.ts'

it('keeps files short enough to read in one sitting', () => {
  const long = files
    // A page's style sheet is read by looking things up in it, and so is what was printed.
    .filter((file) => !file.endsWith('.css') && !file.endsWith('.generated.ts') && file !== allPages)
    .map((file) => [file, linesOf(file).length - 1] as const)
    .filter(([, lines]) => lines > longest)
    .map(([file, lines]) => `${file} has ${lines} lines, more than ${longest}: split it along its sense`)
  expect(long).toEqual([])
})

it('names folders by what is in them', () => {
  const vague = /(^|\/)(utils?|helpers?|common|shared|misc|lib)\//
  expect(files.filter((file) => vague.test(file)).map((file) => `${file}: say what the folder holds`)).toEqual([])
})

it('forgives only lines that are still there', () => {
  const stale = ratchet.filter(
    ({ file, line }) => !files.includes(file) || !linesOf(file).some((text) => line.test(text)),
  )
  expect(stale.map(({ file, line }) => `${file} no longer has ${line}: take it off the list`)).toEqual([])
})
