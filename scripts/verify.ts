import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.ts'
import { findChromium, installChromium } from './chromium.ts'
import { exitAfter, Problem } from './problem.ts'
import { progress, seconds } from './progress.ts'
import { root, run, tail } from './run.ts'
import { sourceFiles } from './source-files.ts'
import { hasSshd, installSshd } from './sshd.ts'

const shownLines = 120

/** Everything that must hold before a change is good: checks, tests, journeys. */
async function verify(): Promise<void> {
  const began = Date.now()
  const chromium = await theChromium()
  if (!hasSshd()) await progress().during("Installing OpenSSH's server", installSshd)
  // Both names: which one a test reads is its own affair.
  const env = { CHROMIUM: chromium, CHROME_PATH: chromium }
  await build()
  await step('Checks', ['run', '--silent', 'check'], env, 'npm run check shows it alone')
  await step('Tests', ['run', '--silent', 'test'], env, 'npm test shows it alone')
  for (const name of await workspacesWith('test:browser'))
    await step(
      `Browser tests of ${name}`,
      ['run', '--silent', 'test:browser', '-w', name],
      env,
      `npm run test:browser -w ${name}`,
    )
  await step('Journeys in Chromium', ['run', '--silent', 'e2e'], env, 'npm run e2e shows it alone')
  console.log(`\n✓ Everything holds (${seconds(began)}).`)
}

async function theChromium(): Promise<string> {
  const there = await findChromium(process.env)
  if (there) return there
  await progress().during('Installing Chromium', installChromium)
  const installed = await findChromium(process.env)
  if (!installed)
    throw new Problem(
      'The package chromium of this system brings no Chromium that runs; install Chrome, or set CHROMIUM.',
    )
  return installed
}

async function step(what: string, args: readonly string[], env: Readonly<Record<string, string>>, again: string) {
  await progress().during(what, async () => {
    const { code, output } = await run('npm', args, { env, group: true })
    if (code !== 0)
      throw new Problem(`${what} failed (${again}); the end of the output:\n\n${tail(output, shownLines)}`)
  })
}

/** The names of the workspaces that have this script. */
async function workspacesWith(script: string): Promise<string[]> {
  const manifests = (await sourceFiles(['packages', 'examples'])).filter((file) => file.endsWith('/package.json'))
  return manifests
    .map(
      (file) =>
        JSON.parse(readFileSync(join(root, file), 'utf8')) as { name: string; scripts?: Record<string, string> },
    )
    .filter(({ scripts }) => scripts?.[script] !== undefined)
    .map(({ name }) => name)
}

await exitAfter(verify)
