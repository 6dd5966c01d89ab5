import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call } from './pretend-platform.ts'
import { openTestSandbox, type TestSandbox } from './test-sandbox.ts'

const A = 'finbank-profiles-a'
const B = 'finbank-profiles-b'
let bank: TestSandbox
let token: string
let consentId: string
beforeAll(async () => {
  bank = await openTestSandbox()
  const tokens = await bank.link(A, 'profile_522')
  token = tokens.access_token
  consentId = String(tokens.grant_id)
})
afterAll(() => bank.close())
beforeEach(() => bank.control('/faults', 'DELETE'))

const read = (path: string, slug = A, bearer = token) => call(bank.api(slug), path, bearer)
const firstAccount = async (): Promise<string> => (await read('/accounts')).body.accounts[0].accountId

describe('the data interface, version 6', () => {
  it('is flat, says the category, and pages by pageKey', async () => {
    const one = await read('/accounts')
    expect(one.body.accounts).toHaveLength(2)
    expect(one.body.accounts[0]).toEqual({
      accountCategory: 'DEPOSIT_ACCOUNT',
      accountId: expect.any(String),
      accountType: 'CHECKING',
      accountNumberDisplay: expect.stringMatching(/^\d{4}$/),
      productName: 'Everyday Checking',
      status: 'OPEN',
      currency: { currencyCode: 'USD' },
    })
    const two = await read(`/accounts?pageKey=${one.body.page.nextPageKey}`)
    expect(two.body.accounts.map((account: { accountType: string }) => account.accountType)).toEqual(['CREDITCARD'])
    expect(two.body.page).toEqual({})
  })

  it('writes money as numbers with two decimals', async () => {
    const { text } = await read('/accounts?resultType=details&limit=100')
    expect(text).toContain('"currentBalance":48250.75,"availableBalance":48250.75')
    expect(text).toContain('"currentBalance":12050.00')
  })

  it('gives real numbers that ACH would take, and a name', async () => {
    const id = await firstAccount()
    const { body } = await read(`/accounts/${id}/payment-networks`)
    expect(body.paymentNetworks[0]).toMatchObject({
      bankId: '012345672',
      identifierType: 'ACCOUNT_NUMBER',
      type: 'US_ACH',
      transferIn: true,
      transferOut: true,
    })
    const contact = await read(`/accounts/${id}/contact`)
    expect(contact.body.holders).toEqual([
      { relationship: 'PRIMARY', name: { first: 'Ada', last: 'Byron' }, type: 'CONSUMER' },
    ])
  })

  it('hands out numbers that stand for the account, new at each consent, at the bank that does so', async () => {
    const numbers: string[] = []
    for (let time = 0; time < 2; time++) {
      const tokens = await (await bank.walkRedirect('profile_522')).finish()
      const { body } = await read('/accounts', 'finbank-oauth', tokens.access_token)
      const path = `/accounts/${body.accounts[0].accountId}/payment-networks`
      const first = await read(path, 'finbank-oauth', tokens.access_token)
      const [network] = first.body.paymentNetworks
      expect(network).toMatchObject({ bankId: '022222222', identifierType: 'TOKENIZED_ACCOUNT_NUMBER' })
      expect((await read(path, 'finbank-oauth', tokens.access_token)).body).toEqual(first.body)
      numbers.push(network.identifier)
      const real = await bank.control(`/accounts?routingNumber=022222222&accountNumber=${network.identifier}`)
      expect(real.body).toMatchObject({ kind: 'checking', routingNumber: '011111111' })
    }
    expect(new Set(numbers).size).toBe(2)
  })

  it('shows a customer id, and refuses what the consent does not cover', async () => {
    expect((await read('/customers/current')).body.customerId).toBeTypeOf('string')
    const refused = await read(`/accounts/${await firstAccount()}/transactions`)
    expect(refused).toMatchObject({ status: 403, body: { code: '602' } })
  })
})

describe('transactions', () => {
  it('page, newest first, and know days', async () => {
    const { access_token } = await bank.link(A, 'profile_522', ['TRANSACTIONS'])
    const path = `/accounts/${await firstAccount()}/transactions`
    const get = (query: string) => read(`${path}${query}`, A, access_token)
    const { body, text } = await get('')
    expect(body.transactions).toHaveLength(2)
    expect(body.transactions[0]).toMatchObject({
      debitCreditMemo: 'DEBIT',
      status: 'POSTED',
      description: 'Corner Bakery',
    })
    expect(text).toContain('"amount":8.45')
    const ids = new Set<string>()
    let query = '?limit=5'
    for (let pages = 0; pages < 10; pages++) {
      const page = (await get(query)).body
      for (const one of page.transactions) ids.add(one.transactionId)
      if (!page.page.nextPageKey) break
      query = `?limit=5&pageKey=${page.page.nextPageKey}`
    }
    expect(ids.size).toBe(11) // of 12: one is older than the 30 days of the consent
    expect((await get('?startDate=2020-01-01')).body.code).toBe('703')
    expect((await get('?startDate=2020-02-01&endDate=2020-01-01')).body.code).toBe('703')
    expect((await get('?startTime=yesterday&endTime=2020-01-01')).body.code).toBe('702')
    expect(await get('?startTime=2020-01-01&endTime=2020-01-02')).toMatchObject({ status: 404, body: { code: '1107' } })
    expect((await get('?startDate=2020-01-01&endDate=2999-01-01')).status).toBe(200)
  })
})

describe('the data interface, version 5', () => {
  it('wraps accounts and pages by offset', async () => {
    const { access_token } = await bank.link(B, 'profile_522')
    const one = await read('/accounts?resultType=details', B, access_token)
    expect(one.body.accounts[0]).toEqual({ depositAccount: expect.objectContaining({ accountType: 'CHECKING' }) })
    expect(one.body.accounts[0].depositAccount).not.toHaveProperty('accountCategory')
    const two = await read(`/accounts?offset=${one.body.page.nextOffset}`, B, access_token)
    expect(two.body.accounts).toEqual([{ locAccount: expect.objectContaining({ accountType: 'CREDITCARD' }) }])
    const id = one.body.accounts[0].depositAccount.accountId
    const { body } = await read(`/accounts/${id}/payment-networks`, B, access_token)
    expect(body.paymentNetworks[0]).toMatchObject({ bankId: '098765438', type: 'US_ACH' })
  })

  it('says 501 to another version', async () => {
    const answer = await call(`${bank.issuer(B)}/fdx/v6`, '/accounts', token)
    expect(answer).toMatchObject({ status: 501, body: { code: '1106' } })
  })
})

describe('manners of every answer', () => {
  it('echoes the interaction id, in errors too, and insists on one', async () => {
    const id = '11111111-1111-4111-8111-111111111111'
    expect((await read('/accounts')).headers.get('x-fapi-interaction-id')).toBe(id)
    expect((await read('/accounts/none')).headers.get('x-fapi-interaction-id')).toBe(id)
    const without = await fetch(`${bank.api(A)}/accounts`, { headers: { Authorization: `Bearer ${token}` } })
    expect([without.status, await without.json()]).toMatchObject([400, { code: '401' }])
    expect(without.headers.get('x-fapi-interaction-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it.each([
    ['/accounts?pageKey=zzz', 400, '401'],
    ['/accounts?limit=101', 400, '401'],
    ['/accounts?resultType=everything', 400, '401'],
    ['/accounts/none', 404, '701'],
    ['/statements', 404, '1107'],
    ['/consents/none', 404, '1107'],
  ])('%s is answered %i with code %s', async (path, status, code) => {
    expect(await read(path)).toMatchObject({ status, body: { code } })
  })

  it('knows a method it does not offer, and a token that is not ours', async () => {
    const post = await call(bank.api(A), '/accounts', token, { method: 'POST' })
    expect(post).toMatchObject({ status: 405, body: { code: '1206' } })
    expect(await read('/accounts', A, 'abc')).toMatchObject({ status: 401, body: { code: '603' } })
    expect((await read('/accounts', B)).status).toBe(401) // another bank's token
  })
})

describe('consents', () => {
  it('shows the consent, ends it once, and obeys at once', async () => {
    const tokens = await bank.link(A, 'profile_08')
    const path = `/consents/${tokens.grant_id}`
    const { body } = await read(path, A, tokens.access_token)
    expect(body).toMatchObject({ status: 'ACTIVE', durationType: 'TIME_BOUND', durationPeriod: 90, lookbackPeriod: 30 })
    expect(body.resources).toHaveLength(1)
    const revoke = (reason: string) =>
      call(bank.api(A), `${path}/revocation`, tokens.access_token, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ reason, initiator: 'INDIVIDUAL' }),
      })
    expect((await revoke('BOREDOM')).status).toBe(400)
    expect((await revoke('USER_ACTION')).status).toBe(204)
    expect((await revoke('USER_ACTION')).status).toBe(409)
    expect(await read('/accounts', A, tokens.access_token)).toMatchObject({ status: 403, body: { code: '602' } })
    expect((await read(path, A, tokens.access_token)).body.status).toBe('REVOKED')
  })

  it('keeps one consent from seeing another', async () => {
    const { access_token } = await bank.link(A, 'profile_08')
    expect((await read(`/consents/${consentId}`, A, access_token)).status).toBe(404)
    expect((await read(`/accounts/${await firstAccount()}`, A, access_token)).body.code).toBe('701')
  })

  it('expires when the control API says so', async () => {
    const { access_token, grant_id } = await bank.link(A, 'profile_08')
    expect(
      (await bank.control('/consents/expire', 'POST', { bank: A, login: 'profile_08' })).body.expired,
    ).toBeGreaterThan(0)
    expect(await read('/accounts', A, access_token)).toMatchObject({ status: 403, body: { code: '602' } })
    expect((await read(`/consents/${grant_id}`, A, access_token)).body.status).toBe('EXPIRED')
  })
})

describe('faults', () => {
  const spoil = (kind: string, more: object = {}) => bank.control('/faults', 'POST', { bank: A, kind, ...more })

  it.each([
    ['account_closed', 409, '705'],
    ['account_locked', 403, '706'],
    ['too_many_requests', 429, '1207'],
    ['maintenance', 503, '503'],
    ['internal', 500, '500'],
    ['subsystem', 500, '501'],
    ['version_not_supported', 501, '1106'],
    ['not_authenticated', 401, '603'],
  ])('%s answers %i with code %s', async (kind, status, code) => {
    await spoil(kind)
    expect(await read('/accounts')).toMatchObject({ status, body: { code } })
  })

  it('spoils one customer, one resource or a number of calls only', async () => {
    await spoil('maintenance', { login: 'profile_08' })
    await spoil('internal', { resource: 'contact' })
    expect((await read('/accounts')).status).toBe(200)
    await spoil('too_many_requests', { times: 1 })
    expect([(await read('/accounts')).status, (await read('/accounts')).status]).toEqual([429, 200])
  })

  it('sends what gateways send: HTML, nothing, numbers for codes, half an answer', async () => {
    await spoil('html_502', { times: 1 })
    const html = await read('/accounts')
    expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html'])
    await spoil('empty_body', { times: 1 })
    expect(await read('/accounts')).toMatchObject({ status: 200, text: '' })
    await spoil('number_codes', { times: 1 })
    expect((await read('/accounts/none')).body.code).toBe(701)
    await spoil('partial', { times: 1 })
    const partial = await read('/accounts?resultType=details')
    expect([partial.status, partial.text.includes('Balance')]).toEqual([206, false])
  })

  it('takes payment networks away', async () => {
    const path = `/accounts/${await firstAccount()}/payment-networks`
    await spoil('no_ach', { times: 1 })
    expect((await read(path)).text).not.toContain('US_ACH')
    await spoil('no_debits', { times: 1 })
    expect((await read(path)).body.paymentNetworks[0]).toMatchObject({ type: 'US_ACH', transferOut: false })
    await spoil('empty_networks', { times: 1 })
    expect(await read(path)).toMatchObject({ status: 200, text: '' })
    await spoil('restricted', { times: 1 })
    expect((await read('/accounts')).body.accounts[0].status).toBe('RESTRICTED')
  })

  it('never ends a list, if told so', async () => {
    await spoil('repeated_cursor')
    const { nextPageKey } = (await read('/accounts?limit=100')).body.page
    expect((await read(`/accounts?limit=100&pageKey=${nextPageKey}`)).body.page.nextPageKey).toBe(nextPageKey)
  })

  it('lists and clears them, and says what it does not understand', async () => {
    const { body } = await spoil('slow', { delayMs: 20 })
    expect((await bank.control(`/faults?bank=${A}`)).body.faults).toMatchObject([{ kind: 'slow', delayMs: 20 }])
    expect((await bank.control(`/faults/${body.id}`, 'DELETE')).status).toBe(204)
    expect((await spoil('earthquake')).body.message).toContain('kind is one of slow')
    expect((await spoil('slow', { delayMs: 0 })).status).toBe(400)
    expect((await spoil('slow', { login: 'nobody' })).status).toBe(400)
  })
})

describe('balances', () => {
  it('are rows that can be read and set', async () => {
    const path = `/accounts/${A}/profile_522/checking`
    const set = await bank.control(path, 'PUT', { currentBalance: '0.07' })
    expect(set.body).toMatchObject({ currentBalance: '0.07', availableBalance: '0.07' })
    expect((await read(`/accounts/${await firstAccount()}`)).text).toContain('"currentBalance":0.07')
    expect((await bank.control(path, 'PUT', { currentBalance: '1.234' })).status).toBe(400)
    await bank.control(path, 'PUT', { currentBalance: '48250.75' })
    expect((await bank.control(path)).body.currentBalance).toBe('48250.75')
  })

  it('answer no web page', async () => {
    const response = await fetch(`${bank.url()}/control/faults`, { headers: { Origin: 'http://evil.example' } })
    expect(response.status).toBe(403)
  })
})
