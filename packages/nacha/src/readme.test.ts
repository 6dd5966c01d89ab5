import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import * as nacha from './index.ts'

const folder = join(import.meta.dirname, '..')
const readme = readFileSync(join(folder, 'README.md'), 'utf8')
const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)
const bytes = readFileSync(join(folder, 'fixtures/golden/returns.ach'))

/** Runs an example and answers the value of one of its names. */
function run(code: string, name: string, say: (...words: unknown[]) => void = () => undefined): unknown {
  const body = code.replace(/^import (\{[^}]+\}) from '@rialto\/nacha'$/gm, 'const $1 = nacha')
  const script = `${stripTypeScriptTypes(body)}\nreturn ${name}`
  return new Function('nacha', 'bytes', 'console', script)(nacha, bytes, { log: say })
}

it('has examples that run', () => {
  expect(examples).toHaveLength(2)
  expect(run(examples[0] ?? '', 'findings')).toEqual([])
  const said: unknown[] = []
  run(examples[1] ?? '', 'file', (...words) => said.push(words))
  expect(said).toContainEqual(['R01', '091000010000001', 1999n])
})

it('names everything that can be imported', () => {
  expect(Object.keys(nacha).filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual([])
})
