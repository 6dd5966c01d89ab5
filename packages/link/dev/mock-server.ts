import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Account, Bank, FlowView, Page } from '../src/flow.ts'

/**
 * A pretended platform: the contract of `docs/internals/hosted-flow-api.md` over flows in memory, for `npm run dev`
 * and for
 * the browser test. It never leaves this folder. `GET /` opens a flow; `?page=…`, `?product=…`, `?color=…`,
 * `?environment=…`
 * and `?fail=…` (a status for the next call that changes something) open it where a test wants it.
 */
type Flow = { view: FlowView; secret: string; username: string; failWith: number }

const mostFlows = 200
const mostBodyBytes = 10_000

const bank = (
  name: string,
  monogram: string,
  color: string,
  signIn: Bank['signIn'],
  notice: string | null = null,
): Bank => {
  const id = name.toLowerCase().replace(/[^a-z]+/g, '-')
  return { id, name, domain: `${id}.example`, monogram, color, signIn, notice }
}

const banks: Bank[] = [
  bank('Finbank OAuth', 'F', '#0b4f8a', 'redirect'),
  bank('FinBank Profiles - A', 'FA', '#7a3e9d', 'credentials'),
  bank('FinBank Profiles - B', 'FB', '#2d6a4f', 'credentials', 'Slow today'),
  bank('Harbor Savings Bank', 'HS', '#9a3412', 'redirect'),
  bank('Lagoon Credit Union', 'LC', '#f2b705', 'redirect'),
  bank('First Meadow Bank', 'FM', '#1d4ed8', 'redirect'),
]

const account = (id: string, name: string, lastFour: string, value: number, eligible = true): Account => ({
  id,
  name,
  type: eligible ? 'checking' : 'other',
  lastFour,
  balance: eligible ? { value, currency: 'USD' } : null,
  eligible,
  reason: eligible ? null : 'Can’t be used for payments',
})

const accounts = [
  account('a1', 'Everyday Checking', '0001', 9412.18),
  account('a2', 'Rainy Day Savings', '7730', 2050),
  account('a3', 'Travel Credit Card', '4410', 0, false),
]

const text = [
  'I authorize Northwind Coffee (the merchant) to debit my Everyday Checking account ending in 0001 at my bank ' +
    'electronically, by ACH, for purchases I make at Northwind Coffee, in the amounts and on the dates I approve at ' +
    'the time of each purchase.',
  'This authorization stays in force until I revoke it. I can revoke it at any time in my Northwind Coffee account, by ' +
    'writing to help@northwind.example, or at my bank. Payments that were already sent are not affected. If a payment ' +
    'is returned by my bank, it may be presented again up to two times.',
  'I have been offered a copy of this authorization.',
].join('\n\n')

const logo = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" fill="#24324a"/>' +
    '<path d="M10 22V10l12 12V10" fill="none" stroke="#fff" stroke-width="2.6" stroke-linejoin="round"/></svg>',
)}`

function newView(wish: URLSearchParams): FlowView {
  const id = randomUUID()
  const page = (wish.get('page') ?? 'consent') as Page
  const chosen = banks.find(({ id }) => id === (wish.get('bank') ?? 'finbank-profiles-a')) ?? null
  const isSignedIn = ['accounts', 'authorize', 'done'].includes(page)
  return {
    id,
    page,
    environment: wish.get('environment') === 'production' ? 'production' : 'sandbox',
    product: wish.get('product') === 'VERIFY' ? 'VERIFY' : 'PAY',
    expiresAt: new Date(Date.now() + 30 * 60_000).toISOString(),
    merchant: {
      name: 'Northwind Coffee',
      logoUrl: wish.has('bare') ? null : logo,
      color: wish.get('color'),
      supportUrl: 'https://northwind.example/help',
    },
    customer: { firstName: 'Ada' },
    bank: page === 'consent' || page === 'bank' ? null : chosen,
    signIn: page === 'sign-in' && chosen ? signInAt(id, chosen) : null,
    signedInAs: isSignedIn ? 'Ada Byron' : null,
    accounts: isSignedIn ? accounts : [],
    chosenAccountId: page === 'authorize' || page === 'done' ? 'a1' : null,
    authorization: page === 'authorize' ? authorization : null,
    returnTo: wish.has('nowhere') ? null : (wish.get('redirect') ?? 'https://shop.example/thanks?status=200'),
  }
}

const authorization = { version: '1', text, hash: createHash('sha256').update(text).digest('hex') }

const signInAt = (flowId: string, chosen: Bank): FlowView['signIn'] =>
  chosen.signIn === 'redirect'
    ? { kind: 'redirect', redirectTo: `/s/${flowId}/to-bank` }
    : { kind: 'credentials', problem: null }

/** Close enough to a typo-tolerant search to draw the page with: every letter of the question, in order. */
function findBanks(question: string): Bank[] {
  const letters = question.toLowerCase().replace(/[^a-z]/g, '')
  return banks.filter(({ name }) => {
    let at = 0
    for (const letter of name.toLowerCase()) if (letter === letters[at]) at += 1
    return at === letters.length
  })
}

type Body = Record<string, string>

/** Each call that changes something: the page it belongs to, and what it does. A call from elsewhere has moved. */
const calls: Record<
  string,
  { from: Page[]; run: (flow: Flow, body: Body) => Partial<FlowView> | Promise<Partial<FlowView>> }
> = {
  consent: { from: ['consent'], run: () => ({ page: 'bank' }) },
  bank: {
    from: ['bank', 'bank-unavailable', 'no-eligible-account'],
    run: (flow, { bankId }) => {
      const chosen = banks.find(({ id }) => id === bankId)!
      return { page: 'sign-in', bank: chosen, signIn: signInAt(flow.view.id, chosen) }
    },
  },
  'sign-in': { from: ['sign-in'], run: signIn },
  'sign-in/code': {
    from: ['sign-in'],
    run: (_flow, { code }) =>
      code === '123456'
        ? signedIn
        : mfa({ code: 'wrong_code', message: 'That code is not right. Check it and try again.' }),
  },
  account: {
    from: ['accounts'],
    run: (_flow, { accountId }) => ({ page: 'authorize', chosenAccountId: accountId!, authorization }),
  },
  authorize: { from: ['authorize'], run: () => ({ page: 'done', authorization: null }) },
  back: {
    from: ['sign-in', 'accounts', 'authorize', 'bank-unavailable', 'no-eligible-account'],
    run: (_flow, { to }) =>
      to === 'accounts'
        ? { page: 'accounts', authorization: null }
        : { page: 'bank', bank: null, signIn: null, accounts: [] },
  },
  leave: {
    from: ['consent', 'bank', 'sign-in', 'accounts', 'authorize', 'bank-unavailable', 'no-eligible-account'],
    run: () => ({ page: 'left' }),
  },
}

const signedIn: Partial<FlowView> = { page: 'accounts', signIn: null, signedInAs: 'Ada Byron', accounts }

const mfa = (problem: { code: 'wrong_code'; message: string } | null): Partial<FlowView> => ({
  signIn: { kind: 'mfa', prompt: 'We sent a code to the phone ending in 42.', digits: 6, problem },
})

async function signIn(flow: Flow, { username = '', password }: Body): Promise<Partial<FlowView>> {
  flow.username = username
  if (username === 'profile_slow') await pause(4000)
  if (username === 'profile_locked')
    return credentials({ code: 'account_locked', message: 'FinBank Profiles - A has locked this account.' })
  if (password !== username || username === 'profile_wrong')
    return credentials({ code: 'wrong_credentials', message: 'The user name or the password is not right.' })
  if (username === 'profile_mfa') return mfa(null)
  if (username === 'profile_none') return { page: 'no-eligible-account', signIn: null }
  if (username === 'profile_offline') return { page: 'bank-unavailable', signIn: null }
  return signedIn
}

const credentials = (problem: {
  code: 'account_locked' | 'wrong_credentials'
  message: string
}): Partial<FlowView> => ({
  signIn: { kind: 'credentials', problem },
})

async function bodyOf(request: IncomingMessage): Promise<Body> {
  let body = ''
  for await (const chunk of request) {
    body += chunk
    if (body.length > mostBodyBytes) throw new Error('the body is too long')
  }
  return JSON.parse(body) as Body
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body))
}

const refuse = (response: ServerResponse, status: number, code: string) =>
  answer(response, status, { errorCode: status, errorMessage: code, errors: [{ code }] })

/** A handler for the addresses of the contract, with flows of its own; it passes everything else on to `next`. */
export function mockFlows() {
  const flows = new Map<string, Flow>()

  const open = (wish: URLSearchParams, response: ServerResponse) => {
    if (flows.size >= mostFlows) flows.delete(flows.keys().next().value!)
    const flow = { view: newView(wish), secret: randomUUID(), username: '', failWith: Number(wish.get('fail') ?? 0) }
    flows.set(flow.view.id, flow)
    response
      .writeHead(303, {
        location: `/s/${flow.view.id}/${flow.view.page}`,
        'set-cookie': `flow-${flow.view.id}=${flow.secret}; HttpOnly; SameSite=Lax; Path=/`,
      })
      .end()
  }

  const call = async (flow: Flow, name: string, request: IncomingMessage, response: ServerResponse) => {
    const known = calls[name]
    if (!known || request.headers['x-rialto-flow'] !== '1') return refuse(response, 400, 'INVALID_REQUEST')
    if (flow.failWith) {
      refuse(response, flow.failWith, 'ON_PURPOSE')
      flow.failWith = 0
      return
    }
    if (!known.from.includes(flow.view.page)) return refuse(response, 409, 'FLOW_MOVED')
    Object.assign(flow.view, await known.run(flow, await bodyOf(request)))
    return answer(response, 200, flow.view)
  }

  const showBank = (flowId: string, response: ServerResponse) => {
    const link = `<a href="/bank/return?state=${flowId}">Sign in as Ada Byron</a>`
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(`<!doctype html><title>A bank</title><h1>The bank’s own page</h1>${link}`)
  }

  const returnFromBank = (flowId: string, response: ServerResponse) => {
    const flow = flows.get(flowId)
    if (flow?.view.page === 'sign-in') Object.assign(flow.view, signedIn)
    response.writeHead(303, { location: flow ? `/s/${flowId}/${flow.view.page}` : '/unknown' }).end()
  }

  const handle = async (request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname === '/') return open(url.searchParams, response)
    const [, atBank] = /^\/s\/([\w-]+)\/to-bank$/.exec(url.pathname) ?? []
    if (atBank) return showBank(atBank, response)
    if (url.pathname === '/bank/return') return returnFromBank(url.searchParams.get('state') ?? '', response)
    const [, flowId, rest] = /^\/api\/flows\/([\w-]+)\/?(.*)$/.exec(url.pathname) ?? []
    if (!flowId) return next()
    const flow = flows.get(flowId)
    const isTheirs = flow && request.headers.cookie?.includes(`flow-${flowId}=${flow.secret}`)
    if (!isTheirs) return refuse(response, 401, 'UNKNOWN_FLOW')
    if (request.method === 'POST') return call(flow, rest ?? '', request, response)
    if (rest === '') return answer(response, 200, flow.view)
    if (rest === 'banks') return answer(response, 200, { banks: findBanks(url.searchParams.get('q') ?? '') })
    if (rest === 'authorization.txt') {
      response.writeHead(200, {
        'content-type': 'text/plain; charset=utf-8',
        'content-disposition': 'attachment; filename="authorization.txt"',
      })
      response.end(text)
      return
    }
    refuse(response, 404, 'NOT_FOUND')
  }

  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    handle(request, response, next).catch(() => refuse(response, 400, 'INVALID_REQUEST'))
  }
}
