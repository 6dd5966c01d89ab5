import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

/**
 * Writes the package as it is published: JavaScript with its types, and a manifest that points at them. In this
 * repository the manifest beside this file points at the sources, so that nothing has to be built to use them.
 * `npm publish packages/node-sdk/dist` publishes it; `node build.ts <folder>` writes it elsewhere.
 */
const here = import.meta.dirname
const folder = resolve(process.argv[2] ?? join(here, 'dist'))

rmSync(folder, { recursive: true, force: true })
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
const project = join(here, 'tsconfig.build.json')
execFileSync(process.execPath, [tsc, '--project', project, '--outDir', folder], { stdio: 'inherit' })

const { name, version, description, license } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
const manifest = {
  ...{ name, version, description, license },
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20' },
  exports: { '.': { types: './index.d.ts', default: './index.js' }, './package.json': './package.json' },
  types: './index.d.ts',
  publishConfig: { access: 'public' },
  keywords: ['pay by bank', 'ach', 'bank payments', 'webhooks', 'rialto'],
}
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
copyFileSync(join(here, 'README.md'), join(folder, 'README.md'))
copyFileSync(join(here, '../../LICENSE'), join(folder, 'LICENSE'))
