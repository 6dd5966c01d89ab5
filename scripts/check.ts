import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { exitAfter, Problem } from './problem.ts'
import { progress } from './progress.ts'
import { root, run, tail } from './run.ts'

type Check = Readonly<{ name: string; program: string; args: readonly string[]; remedy: string }>

const shownLines = 150
/** The usual machine has two cores. */
const atOnce = 2

const tool = (name: string) => join(root, 'node_modules', '.bin', name)

function checks(): Check[] {
  const node = (name: string, args: readonly string[], remedy: string) => ({
    name,
    program: process.execPath,
    args,
    remedy,
  })
  return [
    ...typeScriptProjects().map((project) => ({
      name: `types: ${project}`,
      program: tool('tsc'),
      args: ['--noEmit', '--pretty', 'false', '--project', project],
      remedy: 'Make the types say what is true.',
    })),
    {
      name: 'biome: format and lint',
      program: tool('biome'),
      args: ['check', '--max-diagnostics=40', '--error-on-warnings', '.'],
      remedy: 'npm run format mends most of it.',
    },
    node('arrows: who may import whom', ['scripts/arrows.ts'], 'Each rule above says what to do.'),
    {
      name: 'knip: nothing unused',
      program: tool('knip'),
      args: ['--no-progress', '--no-config-hints'],
      remedy: 'Remove what is unused, or use it.',
    },
    node('printed documents', ['scripts/print.ts', '--check'], 'npm run print, then read the difference.'),
  ]
}

/** The root's, and each workspace's that has its own because it runs elsewhere than on the server. */
function typeScriptProjects(): string[] {
  const folders = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  )
  const own = [...folders, 'bench', 'e2e'].map((folder) => `${folder}/tsconfig.json`)
  return ['tsconfig.json', ...own.filter((path) => existsSync(join(root, path)))]
}

/** Runs every check, even after one failed, and shows what the failed ones said. */
async function check(): Promise<void> {
  const { during } = progress()
  const waiting = checks()
  const failed: string[] = []
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { name, program, args, remedy } = next
      await during(name, async () => {
        const { code, output } = await run(program, args, { group: true })
        if (code !== 0) throw new Problem(`${name}\n${indented(tail(output, shownLines))}\n  ${remedy}`)
      }).catch((error: Error) => failed.push(error.message))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  for (const words of failed) console.log(`\n✗ ${words}`)
  if (failed.length > 0) throw new Problem(`${failed.length} of the checks failed; what they say is above.`)
}

const indented = (text: string) =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')

await exitAfter(check)
