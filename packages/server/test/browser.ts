import { type Answer, answerOf, rows } from './answer.ts'

/** A customer's browser at the hosted flow: it keeps cookies and follows nothing by itself. */
export class Browser {
  readonly cookies = new Map<string, string>()
  /** The Set-Cookie line as it last came. */
  setCookie = ''
  readonly #origin: string
  constructor(origin: string) {
    this.#origin = origin
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(this.#origin + path, {
      method,
      redirect: 'manual',
      headers: { cookie, 'user-agent': 'Testfox/1.0', ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    for (const line of response.headers.getSetCookie()) {
      this.setCookie = line
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      this.cookies.set(name, value)
    }
    return answerOf(response)
  }

  get = (path: string): Promise<Answer> => this.send('GET', path)

  /** A step of the flow. */
  step = (flowId: string, what: string, body: object = {}): Promise<Answer> =>
    this.send('POST', `/api/flows/${flowId}/${what}`, body, { 'x-rialto-flow': '1' })

  view = (flowId: string): Promise<Answer> => this.get(`/api/flows/${flowId}/`)

  /** Goes in at the door; answers where it leads. */
  async enter(sessionKey: string, more: Record<string, string> = {}): Promise<string> {
    const query = new URLSearchParams({ sessionKey, redirect: 'https://shop.example/done?cart=7', ...more })
    return (await this.get(`/?${query}`)).headers.get('location') ?? ''
  }

  /** Goes in at the door; answers the flow's id. */
  async open(sessionKey: string, more: Record<string, string> = {}): Promise<string> {
    return (await this.enter(sessionKey, more)).split('/')[2] ?? ''
  }

  /** From the first page to the end of a sign-in with a password. */
  async signIn(flowId: string, bankId: string, username: string, password: string): Promise<Answer> {
    await this.step(flowId, 'consent')
    await this.step(flowId, 'bank', { bankId })
    return this.step(flowId, 'sign-in', { username, password })
  }

  /** From the list of accounts to the end. */
  async authorize(flowId: string, account = 0): Promise<Answer> {
    const { accounts } = (await this.view(flowId)).body
    const chosen = await this.step(flowId, 'account', { accountId: rows(accounts)[account]?.id })
    return this.step(flowId, 'authorize', { authorizationTextHash: chosen.body.authorization?.hash })
  }
}
