import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './run.ts'
import { sourceFiles } from './source-files.ts'

type Manifest = Readonly<{ dependencies?: Record<string, string>; devDependencies?: Record<string, string> }>

const manifests = async (): Promise<[file: string, Manifest][]> => {
  const files = (await sourceFiles(['.'])).filter((file) => /(^|\/)package\.json$/.test(file))
  return files.map((file) => [file, JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest])
}

it('gives every runtime dependency one sentence, and keeps none for a dependency that is gone', async () => {
  const page = readFileSync(join(root, 'docs/internals/dependencies.md'), 'utf8')
  const described = [...page.matchAll(/^- `([^`]+)` [^\n]+\.$/gm)].map((match) => match[1])
  const used = (await manifests()).flatMap(([, { dependencies }]) => Object.keys(dependencies ?? {}))
  const foreign = [...new Set(used)].filter((name) => !name.startsWith('@rialto/'))
  expect(described).toEqual(foreign.sort())
})

it('pins every package to one exact version', async () => {
  const loose = (await manifests()).flatMap(([file, { dependencies, devDependencies }]) =>
    Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+[\w.-]*$/.test(version))
      .map(([name, version]) => `${file}: ${name} ${version}`),
  )
  expect(loose).toEqual([])
})

type Lock = Readonly<{ packages: Record<string, { optionalDependencies?: Record<string, string> }> }>

/** npm leaves out what its registry lacks or one machine does not need, and then `npm ci` refuses it elsewhere. */
it('locks the parts that packages have for every other kind of machine', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock
  const locked = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)))
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {})
      .filter((name) => !locked.has(name))
      .map((name) => `${name}, of ${path}`),
  )
  expect(missing).toEqual([])
})
