import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { printed } from '../packages/server/src/main/printed.ts'
import { events } from '../packages/server/src/webhooks/event.ts'
import { exitAfter, Problem } from './problem.ts'
import { root } from './run.ts'
import { sdkTypes } from './sdk-types.ts'

/** What is printed from the code's tables, by its path: the server's documents, and from these the types of the SDK. */
async function everything(): Promise<Record<string, string>> {
  const documents = await printed()
  const read = (path: string) => JSON.parse(documents[path] ?? '')
  return { ...documents, ...sdkTypes(read('docs/openapi.json'), events, read('docs/reference/errors.json')) }
}

/** Writes the documents that are printed from the code's tables; with --check, only says which are out of date. */
async function print(): Promise<void> {
  const documents = Object.entries(await everything())
  const stale = documents.filter(([path, content]) => readIfThere(join(root, path)) !== content)
  if (process.argv.includes('--check')) {
    const names = stale.map(([path]) => path).join(', ')
    if (stale.length > 0) throw new Problem(`Out of date: ${names}. Run npm run print and read the difference.`)
    console.log(`${documents.length} printed documents are up to date`)
    return
  }
  for (const [path, content] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
    console.log(path)
  }
  console.log(`${stale.length} of ${documents.length} printed documents changed`)
}

const readIfThere = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)

await exitAfter(print)
