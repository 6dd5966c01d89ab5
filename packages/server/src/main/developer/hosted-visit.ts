import { Refused } from './run.ts'

/** What of the hosted flow's view a visit needs; docs/internals/hosted-flow-api.md has all of it. */
type View = Readonly<{
  page: string
  signIn: Readonly<{ kind: string; problem?: { message: string } | null }> | null
  accounts: readonly { id: string; name: string; eligible: boolean }[]
  authorization: { hash: string } | null
}>
type Bank = Readonly<{ id: string; name: string; signIn: string }>

export type Visit = Readonly<{
  clientUrl: string
  sessionKey: string
  /** A bank's id, or what its name begins with. */
  bank: string
  /** At the pretend banks the password is the user name. */
  login: string
}>

/**
 * Walks through the hosted flow as a customer's browser does, up to a linked account; answers the session's id.
 * Throws Refused with the page where it did not go on.
 */
export async function visitHostedFlow({ clientUrl, sessionKey, bank, login }: Visit): Promise<string> {
  const { get, step, open } = openBrowser(clientUrl)
  const sessionId = await open(sessionKey)
  const flow = `/api/flows/${sessionId}`
  await step<View>(`${flow}/consent`)
  const { banks } = await get<{ banks: Bank[] }>(`${flow}/banks?${new URLSearchParams({ q: bank })}`)
  await step<View>(`${flow}/bank`, { bankId: chosen(banks, bank).id })
  const signedIn = await step<View>(`${flow}/sign-in`, { username: login, password: login })
  if (signedIn.signIn?.problem) throw stuck(login, signedIn.signIn.problem.message)
  const { page, accounts, signIn } = await get<View>(`${flow}/`)
  if (page !== 'accounts')
    throw stuck(login, signIn?.kind === 'mfa' ? 'the bank asks for a code' : `it ends at ${page}`)
  const account = accounts.find(({ eligible }) => eligible)
  if (!account) throw stuck(login, 'no account can be linked')
  const { authorization } = await step<View>(`${flow}/account`, { accountId: account.id })
  const done = await step<View>(`${flow}/authorize`, { authorizationTextHash: authorization?.hash ?? '' })
  if (done.page !== 'done') throw stuck(login, `it ends at ${done.page}`)
  return sessionId
}

const stuck = (login: string, why: string): Refused => new Refused(`Linking as ${login} did not go through: ${why}.`)

function chosen(banks: readonly Bank[], wanted: string): Bank {
  const lower = wanted.toLowerCase()
  const found = banks.find(({ id }) => id === lower) ?? banks.find(({ name }) => name.toLowerCase().startsWith(lower))
  if (found?.signIn === 'credentials') return found
  const names = banks.map(({ id }) => id).join(', ') || 'none'
  throw new Refused(
    found
      ? `${found.name} signs in on its own site, which needs a browser; use --bank with another one.`
      : `There is no bank '${wanted}'; with that name there are: ${names}.`,
  )
}

/** It keeps one cookie, and follows nothing by itself. */
function openBrowser(clientUrl: string) {
  let cookie = ''
  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { cookie, 'user-agent': 'rialto-trigger', 'x-rialto-flow': '1', ...init.headers }
    const answer = await fetch(clientUrl + path, { ...init, headers, redirect: 'manual' }).catch((cause: unknown) => {
      throw new Refused(`The hosted flow at ${clientUrl} does not answer; is it running?`, { cause })
    })
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    return answer
  }
  async function read<T>(answer: Response): Promise<T> {
    const body = (await answer.json().catch(() => ({}))) as T & { errorMessage?: string }
    if (!answer.ok) throw new Refused(`The hosted flow answered ${answer.status}: ${body.errorMessage ?? 'no reason'}`)
    return body
  }
  return {
    async open(sessionKey: string): Promise<string> {
      const answer = await send(`/?${new URLSearchParams({ sessionKey })}`)
      await answer.body?.cancel()
      const [, id] = /^\/s\/([\w-]+)\//.exec(answer.headers.get('location') ?? '') ?? []
      if (!id) throw new Refused(`${clientUrl} does not know the session: is it the hosted flow of this API?`)
      return id
    },
    get: async <T>(path: string): Promise<T> => read<T>(await send(path)),
    step: async <T>(path: string, body: object = {}): Promise<T> =>
      read<T>(
        await send(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
  }
}
