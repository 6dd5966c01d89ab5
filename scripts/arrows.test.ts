import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Arrows, followArrows } from './arrows.ts'
import { root } from './run.ts'

const server = 'packages/server/src'

type Import = readonly [from: string, to: string, rule?: string]

/** Who imports whom, and which rule says no; undefined: allowed. */
const imports: readonly Import[] = [
  [`${server}/kernel/money.ts`, `${server}/house.ts`, 'kernel-imports-nothing'],
  [`${server}/kernel/id.ts`, 'node:crypto', 'kernel-imports-nothing'],
  [`${server}/kernel/id.test.ts`, 'node:crypto'],
  [`${server}/payments/payment.ts`, `${server}/db/connect.ts`, 'nouns-are-pure'],
  [`${server}/payments/payment.ts`, `${server}/kernel/words.ts`],
  [`${server}/payments/payment.ts`, `${server}/customers/customer.ts`],
  [`${server}/payments/payment.ts`, `${server}/rails/ach/window.ts`],
  [`${server}/payments/payment.ts`, `${server}/rails/ach/order.ts`, 'nouns-are-pure'],
  [`${server}/rails/ach/window.ts`, `${server}/db/connect.ts`, 'nouns-are-pure'],
  [`${server}/payments/payment.postings.ts`, 'node:fs', 'nouns-are-pure'],
  [`${server}/payments/payment.postings.ts`, `${server}/ledger/journal.ts`],
  [`${server}/payments/payment.commands.ts`, `${server}/payments/payment.store.ts`],
  [`${server}/payments/payment.commands.ts`, `${server}/ledger/ledger.store.ts`],
  [`${server}/payments/payment.commands.ts`, `${server}/sessions/session.store.ts`, 'rows-stay-home'],
  ['packages/server/test/story.ts', `${server}/sessions/session.store.ts`, 'rows-stay-home'],
  [`${server}/payments/payment.routes.ts`, `${server}/payments/payment.wire.ts`],
  [`${server}/payments/payment.queries.ts`, `${server}/payments/payment.wire.ts`, 'nobody-imports-the-wire'],
  [`${server}/sessions/session.routes.ts`, `${server}/payments/payment.wire.ts`, 'nobody-imports-the-wire'],
  [`${server}/http/openapi.ts`, `${server}/payments/payment.wire.ts`],
  [`${server}/main/printed.ts`, `${server}/payments/payment.wire.ts`],
  [`${server}/jobs/runner.ts`, `${server}/banks/fdx/fdx.ts`, 'only-main-chooses-adapters'],
  [`${server}/linking/link.jobs.ts`, `${server}/db/embedded.ts`, 'only-main-chooses-adapters'],
  [`${server}/rails/ach/send.ts`, `${server}/rails/drops/sftp.ts`, 'only-main-chooses-adapters'],
  [`${server}/rails/drops/sftp.ts`, `${server}/banks/fdx/fdx.ts`, 'only-main-chooses-adapters'],
  [`${server}/rails/drops/folder.ts`, `${server}/rails/drops/names.ts`],
  [`${server}/main/compose.ts`, `${server}/banks/fdx/fdx.ts`],
  ['packages/server/test/test-house.ts', `${server}/db/embedded.ts`],
  [`${server}/net/outside.ts`, 'packages/sandbox/src/main.ts', 'server-never-imports-sandbox'],
  ['packages/sandbox/src/world.ts', `${server}/kernel/words.ts`, 'sandbox-never-imports-server'],
  ['packages/node-sdk/src/money.ts', `${server}/kernel/words.ts`, 'node-sdk-stands-alone'],
  ['packages/node-sdk/src/signature.ts', 'node:crypto'],
  ['packages/node-sdk/src/rialto.ts', 'packages/node-sdk/src/money.ts'],
  [`${server}/webhooks/send.jobs.ts`, 'packages/node-sdk/src/signature.ts', 'server-never-imports-its-client'],
  [`${server}/main/events-command.ts`, 'packages/node-sdk/src/rialto.ts'],
  ['packages/server/test/events.ts', 'packages/node-sdk/src/rialto.ts'],
  ['examples/demo-store/src/shop.ts', 'packages/node-sdk/src/rialto.ts'],
  [`${server}/risk/a.jobs.ts`, `${server}/risk/b.jobs.ts`, 'no-circles'],
  // A circle is told once.
  [`${server}/risk/b.jobs.ts`, `${server}/risk/a.jobs.ts`],
]

let folder: string
let arrows: Arrows

/** A tree that holds exactly these imports, judged by the configuration of this repository. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rialto-arrows-'))
  for (const name of ['.dependency-cruiser.mjs', 'tsconfig.json']) copyFileSync(join(root, name), join(folder, name))
  const code = new Map<string, string>()
  for (const [from, to] of imports) {
    const target = to.startsWith('node:') ? to : `${'../'.repeat(from.split('/').length - 1)}${to}`
    code.set(from, `${code.get(from) ?? ''}import type * as _${code.get(from)?.length ?? 0} from '${target}'\n`)
    if (!to.startsWith('node:')) code.set(to, code.get(to) ?? '')
  }
  for (const [path, text] of code) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${text}export type Here = 1\n`)
  }
  arrows = await followArrows(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.each(imports.map(([from, to, rule]) => ({ from, to, rule })))('$from → $to: $rule', ({ from, to, rule }) => {
  const target = to.replace('node:', '')
  const found = arrows.broken.filter((one) => one.from === from && one.to.split(' → ').includes(target))
  expect(new Set(found.map((one) => one.rule))).toEqual(new Set(rule ? [rule] : []))
  for (const one of found) expect(one.advice.length).toBeGreaterThan(20)
})
