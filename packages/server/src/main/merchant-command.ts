import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { scopes } from '../access/caller.ts'
import type { House } from '../house.ts'
import type { ApiClientId, MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { StartProblem } from '../kernel/start-problem.ts'
import * as merchants from '../merchants/merchant.commands.ts'
import { getMerchant, listMerchants, listRedirects, type MerchantWithClients } from '../merchants/merchant.queries.ts'
import type { Credentials, SecretId } from '../merchants/merchant.ts'
import { type Ask, askSecretly } from './ask-secretly.ts'
import * as line from './command-line.ts'
import { addPayoutVerb } from './merchant-payout-command.ts'
import { addTermsVerbs } from './merchant-terms-command.ts'

const aMerchant = '019b8eac-1180-7fec-ab66-ffc86f38d952'
const aClient = '019b8eac-1180-7b86-b273-ff34fce19d6b'
const aSecret = '019b8eac-1181-7301-9a44-0d1f2c3b4a59'
const fromList = 'from rialto merchant list'

/** `rialto merchant …`: merchants, and everything about how their programs reach us. */
export function merchantCommand(
  openHouse: line.OpenHouse,
  terminal: line.Terminal = line.processTerminal,
  ask: Ask = askSecretly,
): Command {
  const merchant = line.openCommand('merchant', 'merchants, their API clients, secrets and addresses', terminal)
  const run = line.runIn(openHouse, terminal)
  addMerchantVerbs(merchant, run)
  addTermsVerbs(merchant, run, aMerchant)
  addPayoutVerb(merchant, run, aMerchant, ask)
  addClientVerbs(merchant.command('client').description('programs of a merchant that may call the API'), run)
  addSecretVerbs(merchant.command('secret').description('secrets of an API client: two may live at a time'), run)
  addRedirectVerbs(merchant.command('redirect').description('where customers may be sent back to'), run)
  return merchant
}

/** The one time a secret is shown. */
const handOver = (credentials: Credentials, merchantId?: MerchantId): line.Answer => ({
  json: { ...(merchantId ? { merchantId } : {}), ...credentials },
  text: [
    ...(merchantId ? [`merchant id    ${merchantId}`] : []),
    `client id      ${credentials.clientId}`,
    `client secret  ${credentials.clientSecret}`,
    `secret id      ${credentials.secretId}`,
  ].join('\n'),
  note: 'Keep the secret now: it is stored as a hash and cannot be shown again.',
})

const done = (what: string, id: string): line.Answer => ({ json: { done: what, id }, text: `${what}: ${id}` })

function addMerchantVerbs(parent: Command, run: line.Run): void {
  const example = 'rialto merchant create --name "Corner Store" --redirect https://shop.example/done'
  line
    .addVerb(parent, 'create', 'take in a merchant, with a first API client', example)
    .requiredOption('--name <name>', 'what customers see')
    .option('--redirect <url>', 'where customers may be sent back to; may be repeated', line.collect)
    .option('--logo <file>', 'a PNG, WebP or SVG image, 16 kB at most')
    .option('--color <color>', 'like #1a2b3c')
    .option('--support <url>', 'an https address')
    .option('--core-token-may-pay', 'let Link-Core tokens pay, for old integrations')
    .action(
      run(async (house, { options }) => {
        const { merchant, credentials } = await merchants.createMerchant(house, {
          name: String(options.name),
          redirects: (options.redirect ?? []) as string[],
          logoUrl: await logoOf(options.logo as string | undefined),
          color: options.color as string | undefined,
          supportUrl: options.support as string | undefined,
          coreTokenMayPay: options.coreTokenMayPay === true,
        })
        return handOver(credentials, merchant.id)
      }),
    )
  line
    .addVerb(parent, 'list', 'the newest hundred merchants, their clients and secrets', 'rialto merchant list --json')
    .option('--before <merchantId>', 'those that came before this one', line.idArgument)
    .action(run(async (house, { options }) => listed(await listMerchants(house, options.before as MerchantId))))
  for (const [name, says, command] of [
    ['suspend', 'stop serving a merchant; its tokens stop working within a second', merchants.suspendMerchant],
    ['resume', 'serve a suspended merchant again', merchants.resumeMerchant],
  ] as const)
    line
      .addVerb(parent, name, says, `rialto merchant ${name} ${aMerchant}`)
      .argument('<merchantId>', fromList, line.idArgument)
      .action(
        run(async (house, { args: [id = ''] }) => {
          await command(house, id as MerchantId)
          return done(name, id)
        }),
      )
}

function listed(found: readonly MerchantWithClients[]): line.Answer {
  const lines = found.flatMap((m) => [
    `${m.id}  ${m.name}${m.status === 'active' ? '' : `  (${m.status})`}`,
    ...m.clients.flatMap((c) => [
      `  client ${c.id}  ${c.name}  ${c.status}  ${c.scopes.join(' ')}${c.jwks ? '  signs' : ''}`,
      ...c.secrets.map((s) => `    secret ${s.id}  …${s.hint}  since ${s.createdAt.toISOString()}`),
    ]),
  ])
  return { json: { merchants: found }, text: lines.length > 0 ? lines.join('\n') : 'There are no merchants yet.' }
}

function addClientVerbs(parent: Command, run: line.Run): void {
  const example = `rialto merchant client add ${aMerchant} --name reports --scope Link-Core`
  line
    .addVerb(parent, 'add', 'give a merchant another API client', example)
    .argument('<merchantId>', fromList, line.idArgument)
    .requiredOption('--name <name>', 'for people')
    .addOption(new Option('--scope <scope>', `${scopes.join(' or ')}; may be repeated`).argParser(line.collect))
    .option('--jwks <file>', "the client's public keys: it signs assertions and has no secret")
    .action(
      run(async (house, { args: [merchantId], options }) => {
        const { client, credentials } = await merchants.addApiClient(house, merchantId as MerchantId, {
          name: String(options.name),
          scopes: options.scope as string[] | undefined,
          jwks: options.jwks === undefined ? undefined : await readJson(String(options.jwks)),
        })
        if (credentials) return handOver(credentials)
        return { json: { clientId: client.id }, text: `client id      ${client.id}` }
      }),
    )
  for (const [name, says, command] of [
    ['disable', 'stop serving a client; its tokens stop working within a second', merchants.disableClient],
    ['enable', 'serve a disabled client again', merchants.enableClient],
  ] as const)
    line
      .addVerb(parent, name, says, `rialto merchant client ${name} ${aClient}`)
      .argument('<clientId>', fromList, line.idArgument)
      .action(
        run(async (house, { args: [id = ''] }) => {
          await command(house, id as ApiClientId)
          return done(name, id)
        }),
      )
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    const message = `cannot be read from ${file}: ${(error as Error).message}`
    throw new Refusal('invalid_request', { errors: [{ pointer: '/jwks', code: 'invalid', message }] })
  }
}

function addSecretVerbs(parent: Command, run: line.Run): void {
  const says = 'give a client a second secret; both work until one is retired'
  line
    .addVerb(parent, 'rotate', says, `rialto merchant secret rotate ${aClient}`)
    .argument('<clientId>', fromList, line.idArgument)
    .action(run(async (house, { args: [id] }) => handOver(await merchants.rotateSecret(house, id as ApiClientId))))
  line
    .addVerb(parent, 'retire', "end one of a client's secrets", `rialto merchant secret retire ${aClient} ${aSecret}`)
    .argument('<clientId>', fromList, line.idArgument)
    .argument('<secretId>', fromList, line.idArgument)
    .action(
      run(async (house, { args: [clientId, secretId = ''] }) => {
        await merchants.retireSecret(house, clientId as ApiClientId, secretId as SecretId)
        return done('retire', secretId)
      }),
    )
}

function addRedirectVerbs(parent: Command, run: line.Run): void {
  for (const [name, says, command] of [
    ['add', "put an address on a merchant's list", merchants.addRedirect],
    ['remove', "take an address off a merchant's list", merchants.removeRedirect],
  ] as const)
    line
      .addVerb(parent, name, says, `rialto merchant redirect ${name} ${aMerchant} https://shop.example/done`)
      .argument('<merchantId>', fromList, line.idArgument)
      .argument('<url>', 'compared by scheme, host, port and path; the query is free')
      .action(
        run(async (house, { args: [id, url = ''] }) => {
          await command(house, id as MerchantId, url)
          return done(name, url)
        }),
      )
  line
    .addVerb(parent, 'list', 'the addresses of a merchant', `rialto merchant redirect list ${aMerchant}`)
    .argument('<merchantId>', fromList, line.idArgument)
    .action(run((house, { args: [id] }) => addressesOf(house, id as MerchantId)))
}

async function addressesOf(house: House, id: MerchantId): Promise<line.Answer> {
  await getMerchant(house, id)
  const redirects = await listRedirects(house, id)
  return { json: { redirects }, text: redirects.length > 0 ? redirects.join('\n') : 'There are no addresses yet.' }
}

const imageTypes: Readonly<Record<string, string>> = { png: 'png', webp: 'webp', svg: 'svg+xml' }

/** The file as a `data:` address. */
async function logoOf(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined
  const type = imageTypes[file.split('.').at(-1)?.toLowerCase() ?? '']
  const bytes = type && (await readFile(file).catch(() => undefined))
  if (!bytes) throw new StartProblem(`${file} could not be read; give --logo a .png, .webp or .svg file.`)
  return `data:image/${type};base64,${bytes.toString('base64')}`
}
