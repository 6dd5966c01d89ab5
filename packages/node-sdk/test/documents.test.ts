import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const documents = ['packages/node-sdk/README.md', 'docs/guides/node-sdk.md']

/** Each block of TypeScript in a document, as a file of this package that is in nobody's folder. */
const snippets = new Map(
  documents.flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ''], index) => [
      join(root, `packages/node-sdk/test/${document.replaceAll(/\W+/g, '-')}-${index + 1}.ts`),
      `${code}\nexport {}\n`,
    ]),
  ),
)

it('shows code that fits the package', { timeout: 60_000 }, () => {
  const { config } = ts.readConfigFile(join(root, 'packages/node-sdk/tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(root, 'packages/node-sdk'))
  // What a snippet makes it does not always use.
  const host = ts.createCompilerHost({ ...options, noUnusedLocals: false })
  const { fileExists, readFile } = host
  host.fileExists = (path) => snippets.has(path) || fileExists(path)
  host.readFile = (path) => snippets.get(path) ?? readFile(path)
  host.getSourceFile = (path, language) => ts.createSourceFile(path, host.readFile(path) ?? '', language, true)
  const program = ts.createProgram([...snippets.keys()], { ...options, noUnusedLocals: false }, host)
  const faults = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start ?? 0).line + 1 : 0
    return `${file?.fileName.split('/').at(-1)}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
  expect(faults).toEqual([])
  expect(snippets.size).toBeGreaterThan(8)
})
