// The arrows of ARCHITECTURE.md. Each rule's comment tells whoever broke it what to do; scripts/arrows.test.ts breaks each one.

const server = '^packages/server/src'
const tests = '\\.(test|spec|browser)\\.tsx?$'

/** Rooms about the business. The others (rails, banks, db, jobs, net, http, main, simulations) are how it is done. */
const rooms =
  '(?:merchants|access|sessions|customers|linking|payments|risk|ledger|payouts|webhooks|agenda|reports|requests|audit)'
const stores = `${server}/[^/]+/.*\\.store\\.ts$`
/**
 * A file without a role in its name, and its postings: payment.ts, payment.postings.ts. In access/ and agenda/ such files are
 * machinery (the OAuth server, the ticker); of theirs, these are nouns. So are the rules of ACH that are tables and days.
 */
const nounRooms = rooms.replace('access|', '').replace('agenda|', '')
const ownNouns =
  'access/(?:caller|signing-key)|rails/(?:originating-bank|members|ach/(?:return-code|return-words|window))'
const nouns = `${server}/(?:${nounRooms}/[^/.]+(?:\\.postings)?|${ownNouns})\\.ts$`

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      comment:
        'The kernel is arithmetic and words. Give it what it needs as an argument, or move the file to the room that needs it.',
      from: { path: `${server}/kernel/`, pathNot: tests },
      to: { pathNot: `${server}/kernel/` },
    },
    {
      name: 'nouns-are-pure',
      severity: 'error',
      comment:
        'A noun and its postings import only the kernel and other nouns. What reads rows goes to .store.ts, what decides in a ' +
        'transaction to .commands.ts, what speaks the wire to .wire.ts, what does outside things to .jobs.ts.',
      from: { path: nouns },
      // Hashes are arithmetic too.
      to: { pathNot: [`${server}/kernel/`, nouns, '^(node:)?crypto$'] },
    },
    {
      name: 'rows-stay-home',
      severity: 'error',
      comment:
        "A .store.ts is private to its room. Call the room's command or query instead, or add one that says what you want.",
      from: { path: `${server}/([^/]+)/` },
      to: { path: stores, pathNot: [`${server}/$1/`, `${server}/ledger/`] },
    },
    {
      name: 'rows-stay-home',
      severity: 'error',
      comment:
        'A .store.ts is private to its room, and this file is in none. Call a command or query of the room instead.',
      from: { pathNot: `${server}/[^/]+/` },
      to: { path: stores, pathNot: `${server}/ledger/` },
    },
    {
      name: 'nobody-imports-the-wire',
      severity: 'error',
      comment:
        "Wire words stop at the door: only a room's own routes and wire, http/ and main/printed.ts import a .wire.ts. Inside, " +
        'use the noun; what two rooms share on the wire belongs to http/.',
      from: {
        path: `${server}/([^/]+)/`,
        pathNot: [`${server}/http/`, `${server}/main/printed\\.ts$`],
      },
      to: { path: `${server}/.*\\.wire\\.ts$`, pathNot: [`${server}/$1/`, `${server}/http/`] },
    },
    {
      name: 'nobody-imports-the-wire',
      severity: 'error',
      comment:
        "Within a room too, only routes and wire (and their tests) import a .wire.ts: a command or a noun speaks the room's words.",
      from: {
        path: `${server}/(?!http/|main/printed\\.ts$)`,
        pathNot: ['\\.(routes|wire)\\.ts$', tests],
      },
      to: { path: `${server}/(?!http/).*\\.wire\\.ts$` },
    },
    {
      name: 'only-main-chooses-adapters',
      severity: 'error',
      comment:
        'Take the port (bank-connector.ts, rail.ts, House) as an argument; main/ decides which adapter stands behind it.',
      from: {
        path: '^(packages/server|packages/sandbox|examples)/',
        pathNot: [
          `${server}/main/`,
          '^packages/server/test/',
          tests,
          `${server}/(banks/fdx|rails/drops)/`,
          `${server}/db/embedded`,
        ],
      },
      to: { path: [`${server}/banks/fdx/`, `${server}/rails/drops/`, `${server}/db/embedded[^/]*\\.ts$`] },
    },
    {
      name: 'only-main-chooses-adapters',
      severity: 'error',
      comment: 'One adapter does not know another. What two share belongs beside their port.',
      from: { path: `${server}/((?:banks/fdx|rails/drops)/|db/embedded)`, pathNot: tests },
      to: {
        path: [`${server}/banks/fdx/`, `${server}/rails/drops/`, `${server}/db/embedded[^/]*\\.ts$`],
        pathNot: `${server}/$1`,
      },
    },
    {
      name: 'server-never-imports-sandbox',
      severity: 'error',
      comment:
        'The pretend outside world is another program. Speak to it as to a real bank: docs/internals/outside-world.md.',
      from: { path: '^packages/(?!sandbox/)' },
      to: { path: '^(packages/sandbox/|node_modules/@rialto/sandbox/)' },
    },
    {
      name: 'sandbox-never-imports-server',
      severity: 'error',
      comment:
        'The pretend outside world knows nothing of the platform. What both need is in docs/internals/outside-world.md.',
      from: { path: '^packages/sandbox/' },
      to: { path: '^(packages/server/|node_modules/@rialto/server/)' },
    },
    {
      name: 'node-sdk-stands-alone',
      severity: 'error',
      comment:
        "A merchant installs the client alone: it imports nothing of ours and no package. What it must know of the server's " +
        'words is printed into src/generated by npm run print.',
      from: { path: '^packages/node-sdk/src/' },
      to: { pathNot: '^packages/node-sdk/src/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'server-never-imports-its-client',
      severity: 'error',
      comment:
        'The platform does not call itself by HTTP: call the command or query. Only a command of main/ for a person may.',
      from: { path: `${server}/`, pathNot: [`${server}/main/`, tests] },
      to: { path: '^(packages/node-sdk/|node_modules/@rialto/node-sdk/)' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Two files that need each other are one file, or miss a third that both may import. Types count too.',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage)/|^examples/[^/]+/public/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.css', '.json'],
    },
  },
}
