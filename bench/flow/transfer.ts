import type { Browser, Page } from 'playwright-core'

export type Transfer = Readonly<{
  bytes: number
  requests: number
  /** Bytes by kind of resource. */
  kinds: Readonly<Record<string, number>>
  /** Text that could have been compressed and was not: path and size. */
  plain: readonly string[]
}>

const login = 'profile_522'
const bank = 'FinBank Profiles - A'
/** Less than this is not worth compressing. */
const worthCompressing = 1_400

/** Links an account from the door to the end, in a browser that has never been there, and counts what it receives. */
export async function linkAccount(browser: Browser, door: string): Promise<Transfer> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
  try {
    context.setDefaultTimeout(20_000)
    const page = await context.newPage()
    const count = await counting(page)
    await page.goto(door)
    await walk(page)
    await page.waitForLoadState('networkidle')
    return count()
  } finally {
    await context.close()
  }
}

async function walk(page: Page): Promise<void> {
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const see = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
  await press('Continue')
  await see('Find your bank')
  await page.getByRole('combobox', { name: 'Bank name' }).fill(bank)
  await page.getByRole('heading', { level: 2, name: 'Best matches' }).waitFor()
  await page.getByRole('option', { name: bank }).click()
  await see(`Sign in to ${bank}`)
  await page.getByLabel('User name').fill(login)
  await page.getByLabel('Password', { exact: true }).fill(login)
  await press('Sign in')
  await see('Choose an account')
  await press('Continue')
  await see('Review and authorize')
  await press('Authorize and link')
  await see('Your account is linked')
}

type Seen = { kind: string; path: string; isText: boolean; isCompressed: boolean }

async function counting(page: Page): Promise<() => Transfer> {
  const devtools = await page.context().newCDPSession(page)
  const seen = new Map<string, Seen>()
  const kinds: Record<string, number> = {}
  const plain: string[] = []
  let bytes = 0
  let requests = 0
  const add = (kind: string, size: number) => {
    bytes += size
    requests++
    kinds[kind] = (kinds[kind] ?? 0) + size
  }
  devtools.on('Network.requestWillBeSent', ({ redirectResponse }) => {
    if (redirectResponse) add('redirects', redirectResponse.encodedDataLength)
  })
  devtools.on('Network.responseReceived', ({ requestId, type, response }) => {
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, text]) => [name.toLowerCase(), text]),
    )
    seen.set(requestId, {
      kind: type.toLowerCase(),
      path: new URL(response.url).pathname.replace(/[0-9a-f-]{36}/, '…'),
      isText: /text|json|javascript|svg/.test(headers['content-type'] ?? ''),
      isCompressed: headers['content-encoding'] !== undefined,
    })
  })
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const one = seen.get(requestId)
    if (!one || encodedDataLength === 0) return
    add(one.kind, encodedDataLength)
    if (one.isText && !one.isCompressed && encodedDataLength > worthCompressing)
      plain.push(`${one.path} ${(encodedDataLength / 1_000).toFixed(1)} kB`)
  })
  await devtools.send('Network.enable')
  return () => ({ bytes, requests, kinds, plain })
}
