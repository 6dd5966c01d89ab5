import { StartProblem } from '../../kernel/start-problem.ts'
import { localName, openProfiles, type Profile } from './profiles.ts'
import type { DeveloperTools } from './tools.ts'

/** How to reach an API, and as whom. `from` says in words where that was found. */
export type Credentials = Profile & Readonly<{ from: string }>

type Sources = Pick<DeveloperTools, 'surroundings' | 'readRun'>

const nobody =
  'Nobody is logged in, and nothing runs on this data folder. Log in with rialto login, or start Rialto with npm run up.'

/**
 * Where the developer's commands go: what --profile names, else the environment, else the profile in use, else the
 * deployment that runs on this data folder. All of it comes from one place: a secret is never sent to another address
 * than the one it was given for.
 */
export function chooseCredentials(sources: Sources, named: string | undefined): Credentials {
  const profiles = openProfiles(sources.surroundings.folder)
  const name = named ?? (hasClient(sources) ? undefined : (profiles.inUse() ?? undefined))
  if (name !== undefined && name !== localName) {
    const profile = profiles.find(name)
    if (!profile) throw new StartProblem(`There is no profile '${name}'; rialto config show lists them.`)
    return { ...profile, from: `the profile ${name}` }
  }
  if (name === undefined && hasClient(sources)) return fromEnvironment(sources)
  const local = fromRunFile(sources)
  if (!local && name === localName)
    throw new StartProblem('Nothing runs on this data folder; start it with npm run up, or rialto serve.')
  if (!local) throw new StartProblem(nobody)
  return local
}

/** RIALTO_API_URL alone may be meant for a server. */
const hasClient = ({ surroundings }: Sources): boolean =>
  (surroundings.clientId ?? surroundings.clientSecret) !== undefined

function fromEnvironment({ surroundings }: Sources): Credentials {
  const { apiUrl, clientId, clientSecret, clientUrl } = surroundings
  const needed = { RIALTO_API_URL: apiUrl, RIALTO_CLIENT_ID: clientId, RIALTO_CLIENT_SECRET: clientSecret }
  const missing = Object.entries(needed).flatMap(([variable, value]) => (value === undefined ? [variable] : []))
  if (!apiUrl || !clientId || !clientSecret)
    throw new StartProblem(
      `${missing.join(' and ')} missing: of RIALTO_API_URL, RIALTO_CLIENT_ID and RIALTO_CLIENT_SECRET set all or none.`,
    )
  return { apiUrl, clientId, clientSecret, ...(clientUrl ? { clientUrl } : {}), from: 'the environment' }
}

function fromRunFile({ readRun }: Sources): Credentials | undefined {
  const run = readRun()
  if (!run?.client) return undefined
  const { api: apiUrl, client: clientUrl } = run.urls
  return {
    ...{ apiUrl, clientUrl, clientId: run.client.id, clientSecret: run.client.secret },
    from: 'the deployment that runs on this data folder',
  }
}
