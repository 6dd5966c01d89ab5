import { type Command, InvalidArgumentError } from 'commander'
import { StartProblem } from '../../kernel/start-problem.ts'
import { addVerb, openCommand } from '../command-line.ts'
import { connect, wordsFor } from './connection.ts'
import { localName, openProfiles, type Profile, usualName } from './profiles.ts'
import { tie, UsedWrongly } from './run.ts'
import type { DeveloperTools } from './tools.ts'

const usualUrl = 'http://localhost:4000'
const aClient = '019b8eac-1180-7b86-b273-ff34fce19d6b'

/** `rialto login`, `rialto logout` and `rialto config`: as whom the developer's commands call the API. */
export const loginCommands = (tools: DeveloperTools): Command[] => [login(tools), logout(tools), config(tools)]

function login(tools: DeveloperTools): Command {
  const { terminal, surroundings, ask } = tools
  return openCommand('login', 'keep how to reach an API, and as whom', terminal)
    .option('--api-url <url>', `otherwise RIALTO_API_URL, or ${usualUrl}`, originArgument)
    .option('--client-id <id>', 'otherwise RIALTO_CLIENT_ID')
    .option('--client-url <url>', 'of the hosted flow, for rialto trigger', originArgument)
    .option('--profile <name>', 'to keep several logins', nameArgument, usualName)
    .option('--json', 'answer with JSON')
    .addHelpText(
      'after',
      `\nThe secret is asked for, or read from RIALTO_CLIENT_SECRET or the standard input.\n\nExample:\n  rialto login --api-url https://api.pay.example --client-id ${aClient}`,
    )
    .action(
      tie(tools, async ({ options }) => {
        const name = String(options.profile)
        const apiUrl = String(options.apiUrl ?? surroundings.apiUrl ?? usualUrl)
        const clientId = (options.clientId as string | undefined) ?? surroundings.clientId
        if (!clientId) throw new UsedWrongly('Which client? Give --client-id, or set RIALTO_CLIENT_ID.')
        const clientSecret = surroundings.clientSecret ?? (await ask('Client secret: '))
        if (!clientSecret) throw new StartProblem('There was no secret; nothing was kept.')
        const clientUrl = (options.clientUrl as string | undefined) ?? hostedBeside(tools, apiUrl)
        const profile = { apiUrl, clientId, clientSecret, ...(clientUrl ? { clientUrl } : {}) }
        await verify(tools, profile)
        openProfiles(surroundings.folder).save(name, profile)
        const inTheClear = apiUrl.startsWith('http:') && !isThisMachine(apiUrl)
        return {
          json: shown(name, profile),
          text: `Logged in at ${apiUrl} as ${clientId}; profile ${name}.`,
          ...(inTheClear ? { note: `The secret and all else travel to ${apiUrl} in the clear: use https.` } : {}),
        }
      }),
    )
}

/** By getting a token. */
async function verify(tools: DeveloperTools, profile: Profile): Promise<void> {
  const credentials = { ...profile, from: 'this login' }
  await connect(tools, credentials)
    .rialto.accessToken()
    .catch((error: unknown) => {
      const words = wordsFor(error, credentials)
      throw words === undefined ? error : new StartProblem(`${words}\nNothing was kept.`, { cause: error })
    })
}

/** The hosted flow of what runs on this data folder, if that is whose API it is; or by the usual ports. */
function hostedBeside({ readRun, surroundings }: DeveloperTools, apiUrl: string): string | undefined {
  const urls = readRun()?.urls
  if (urls?.api === apiUrl) return urls.client
  if (surroundings.apiUrl === apiUrl && surroundings.clientUrl) return surroundings.clientUrl
  return apiUrl === usualUrl ? 'http://localhost:4001' : undefined
}

const isThisMachine = (url: string): boolean => /^(localhost|127\.|\[::1\])/.test(new URL(url).host)

function logout(tools: DeveloperTools): Command {
  return openCommand('logout', 'forget a login', tools.terminal)
    .option('--profile <name>', 'otherwise the one in use', nameArgument)
    .option('--json', 'answer with JSON')
    .action(
      tie(tools, async ({ options }) => {
        const profiles = openProfiles(tools.surroundings.folder)
        const name = (options.profile as string | undefined) ?? profiles.inUse()
        if (name === null || !profiles.remove(name))
          throw new StartProblem(name === null ? 'No profile is in use.' : `There is no profile '${name}'.`)
        return {
          json: { profile: name, loggedIn: false },
          text: `Forgotten: ${name}. The secret itself still works; the operator can retire it.`,
        }
      }),
    )
}

function config(tools: DeveloperTools): Command {
  const { terminal, surroundings } = tools
  const profiles = () => openProfiles(surroundings.folder)
  const command = openCommand('config', 'the logins that are kept, and which one is used', terminal)
  addVerb(command, 'show', 'the logins, without their secrets', 'rialto config show').action(
    tie(tools, async () => show(tools)),
  )
  addVerb(command, 'use', 'use this login from now on', 'rialto config use staging')
    .argument('<profile>', `one that is kept, or ${localName}: what runs on this data folder`)
    .action(
      tie(tools, async ({ args: [name = ''] }) => {
        if (name !== localName && !profiles().find(name))
          throw new StartProblem(`There is no profile '${name}'; rialto config show lists them.`)
        profiles().use(name)
        return { json: { inUse: name }, text: `In use: ${name}.` }
      }),
    )
  addVerb(
    command,
    'unset',
    'use none: what runs on this data folder, or what the environment says',
    'rialto config unset',
  ).action(
    tie(tools, async () => {
      profiles().use(null)
      return { json: { inUse: null }, text: 'No profile is in use.' }
    }),
  )
  return command
}

function show({ surroundings, readRun }: DeveloperTools) {
  const profiles = openProfiles(surroundings.folder)
  const inUse = profiles.inUse()
  const local = readRun()
  const environment = (surroundings.clientId ?? surroundings.clientSecret) !== undefined
  const rows = profiles.list().map(([name, profile]) => ({ ...shown(name, profile), inUse: name === inUse }))
  const lines = rows.map((row) => `${row.inUse ? '*' : ' '} ${row.profile}  ${row.apiUrl}  ${row.clientId}`)
  const localLine = local?.client
    ? [`${inUse === localName ? '*' : ' '} ${localName}  ${local.urls.api}  ${local.client.id}`]
    : []
  return {
    json: { file: profiles.file, inUse, profiles: rows, environment, local: local?.urls.api ?? null },
    text: [`${profiles.file}`, ...lines, ...localLine].join('\n'),
    ...(environment ? { note: 'RIALTO_CLIENT_ID or RIALTO_CLIENT_SECRET is set, and goes before these.' } : {}),
  }
}

const shown = (profile: string, { apiUrl, clientId, clientUrl }: Profile) => ({
  ...{ profile, apiUrl, clientId },
  ...(clientUrl ? { clientUrl } : {}),
})

function nameArgument(text: string): string {
  if (text === localName) throw new InvalidArgumentError(`${localName} stands for what runs on this data folder.`)
  if (/^[a-z0-9][\w.-]{0,49}$/i.test(text)) return text
  throw new InvalidArgumentError('A name has letters, digits, dots, dashes and underscores.')
}

function originArgument(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash)
    return url.href.replace(/\/+$/, '')
  throw new InvalidArgumentError('It is not an address such as https://api.pay.example.')
}
