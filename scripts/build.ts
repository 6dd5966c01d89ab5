import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exitAfter, Problem } from './problem.ts'
import { progress } from './progress.ts'
import { root, run, tail } from './run.ts'
import { sourceFiles } from './source-files.ts'

type Target = Readonly<{ name: string; folder: string; from: readonly string[] }>

/** What must be built before it can be served. The server itself runs from its sources. */
const served: readonly Target[] = [
  { name: '@rialto/web-sdk', folder: 'packages/web-sdk', from: ['packages/web-sdk'] },
  { name: '@rialto/link', folder: 'packages/link', from: ['packages/link', 'packages/ui'] },
]
/** What is built for others to install, and used from its sources here. */
const published: readonly Target[] = [
  { name: '@rialto/node-sdk', folder: 'packages/node-sdk', from: ['packages/node-sdk', 'LICENSE'] },
]

/** Builds what changed since it was last built: everything, or what is served. */
export async function build(which: 'all' | 'served' = 'all'): Promise<void> {
  const { during } = progress()
  for (const target of which === 'all' ? [...served, ...published] : served) {
    const stamp = join(root, 'node_modules', '.rialto-build', target.name)
    const wanted = await fingerprint(target)
    if (existsSync(join(root, target.folder, 'dist')) && readIfThere(stamp) === wanted) continue
    await during(`Building ${target.name}`, async () => {
      const { code, output } = await run('npm', ['run', '--silent', 'build', '-w', target.name], { group: true })
      if (code !== 0)
        throw new Problem(`${target.name} could not be built; the end of its output:\n${tail(output, 30)}`)
      if (!existsSync(join(root, target.folder, 'dist')))
        throw new Problem(
          `The build of ${target.name} left nothing in ${target.folder}/dist; look at its build script.`,
        )
    })
    mkdirSync(dirname(stamp), { recursive: true })
    writeFileSync(stamp, wanted)
  }
}

async function fingerprint(target: Target): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['package-lock.json', 'tsconfig.json', ...(await sourceFiles(target.from))])
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0')
  return hash.digest('hex')
}

const readIfThere = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)

if (import.meta.main) await exitAfter(build)
