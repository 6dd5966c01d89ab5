const hidden = /<input type="hidden" name="([^"]+)" value="([^"]*)"/g
const checked = /<input type="checkbox" name="([^"]+)" value="([^"]+)" checked/g

const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const plain = (text: string): string => text.replace(/&(amp|lt|gt|quot|#39);/g, (_all, name) => signs[name] ?? '')

export type Seen = Readonly<{ status: number; url: string; html: string; headers: Headers }>

/** A browser without JavaScript: keeps cookies, follows redirects at the bank, fills in forms. */
export function openBrowser(bankOrigin: string) {
  const jar = new Map<string, { value: string; path: string }>()

  const remember = (response: Response): void => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/;\s*/)
      const name = pair.slice(0, pair.indexOf('='))
      const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/'
      const isGone = attributes.some((one) => /^max-age=0$|^expires=thu, 01 jan 1970/i.test(one))
      if (isGone) jar.delete(`${name} ${path}`)
      else jar.set(`${name} ${path}`, { value: pair.slice(pair.indexOf('=') + 1), path })
    }
  }
  const cookiesFor = (path: string): string =>
    [...jar]
      .filter(([, cookie]) => path === cookie.path || path.startsWith(cookie.path.replace(/\/?$/, '/')))
      .map(([key, cookie]) => `${key.split(' ')[0]}=${cookie.value}`)
      .join('; ')

  async function go(url: string, init: RequestInit = {}): Promise<Seen> {
    let [address, options] = [new URL(url, bankOrigin), init]
    for (let hops = 0; hops < 10; hops++) {
      // Whatever leaves the bank is the app's return address: the test reads it instead of calling it.
      if (address.origin !== bankOrigin) return { status: 0, url: address.href, html: '', headers: new Headers() }
      const response = await fetch(address, {
        ...options,
        redirect: 'manual',
        headers: { cookie: cookiesFor(address.pathname) },
      })
      remember(response)
      const next = response.headers.get('location')
      if (!next)
        return { status: response.status, url: address.href, html: await response.text(), headers: response.headers }
      ;[address, options] = [new URL(next, address), {}]
    }
    throw new Error('too many redirects')
  }

  /** Sends the form of a page whose action ends so, with its hidden and ticked fields unless said otherwise. */
  function submit(page: Seen, actionEnds: string, values: Record<string, string | readonly string[]>): Promise<Seen> {
    const form = [...page.html.matchAll(/<form method="post" action="([^"]+)"[\s\S]*?<\/form>/g)].find(
      ([, action = '']) => action.endsWith(actionEnds),
    )
    if (!form) throw new Error(`no form for ${actionEnds} in: ${page.html.slice(0, 2000)}`)
    const body = new URLSearchParams()
    for (const [, name = '', value = ''] of form[0].matchAll(hidden)) body.append(name, plain(value))
    for (const [, name = '', value = ''] of form[0].matchAll(checked)) if (!(name in values)) body.append(name, value)
    for (const [name, value] of Object.entries(values)) for (const one of [value].flat()) body.append(name, one)
    return go(form[1] ?? '', { method: 'POST', body })
  }

  return { go, submit, jar }
}
export type Browser = ReturnType<typeof openBrowser>
