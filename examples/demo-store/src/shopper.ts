/** For tests: a browser without a screen. Keeps its cookie, sends forms as they stand, never follows a redirect. */
export function openShopper(storeUrl: string) {
  let cookie = ''
  const seen: string[] = []

  async function request(path: string, init: RequestInit = {}) {
    const headers = { ...(init.headers as Record<string, string>), ...(cookie ? { cookie } : {}) }
    const answer = await fetch(new URL(path, storeUrl), { ...init, headers, redirect: 'manual' })
    const set = answer.headers.getSetCookie().map((line) => line.split(';')[0]!)
    if (set[0]) cookie = set[0]
    const text = await answer.text()
    seen.push(text, JSON.stringify([...answer.headers]))
    return { status: answer.status, text, headers: answer.headers, location: answer.headers.get('location') ?? '' }
  }

  const hidden = (page: string, name: string): string =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''
  const post = (path: string, form: Record<string, string>) =>
    request(path, { method: 'POST', body: new URLSearchParams(form) })

  const shopper = {
    get: (path: string) => request(path),
    post,
    hidden,
    /** Everything the browser was ever sent. */
    seen: () => seen.join('\n'),
    cookie: () => cookie,
    csrf: async () => hidden((await request('/')).text, 'csrf'),
    async add(product: string) {
      return post('/cart', { csrf: await shopper.csrf(), product })
    },
    async signUp(email: string, password = 'a long password') {
      const csrf = await shopper.csrf()
      return post('/sign-up', { csrf, next: '/checkout', firstName: 'Ada', lastName: 'Byron', email, password })
    },
    async signIn(email: string, password: string) {
      return post('/sign-in', { csrf: await shopper.csrf(), next: '/', email, password })
    },
    async askForSession(next = '/checkout', csrf?: string) {
      const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf ?? (await shopper.csrf()) }
      const answer = await request('/api/link-session', { method: 'POST', headers, body: JSON.stringify({ next }) })
      return { status: answer.status, body: JSON.parse(answer.text) as Record<string, string> }
    },
    /** Asks for a session and comes back from the hosted flow with these members added to our own address. */
    async comeBack(members: Record<string, string>, next = '/checkout') {
      const back = new URL((await shopper.askForSession(next)).body.redirect!)
      for (const [name, value] of Object.entries(members)) back.searchParams.set(name, value)
      return request(back.pathname + back.search)
    },
    /** Opens the checkout and reads the form that pays. */
    async payForm() {
      const { text } = await request('/checkout')
      const named = (name: string) => hidden(text, name)
      return { csrf: named('csrf'), checkoutKey: named('checkoutKey'), total: named('total') }
    },
  }
  return shopper
}
export type Shopper = ReturnType<typeof openShopper>
