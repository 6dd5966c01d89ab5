import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { connect, transact } from '../../db/connect.ts'
import type { BankConnector, SignedIn } from '../bank-connector.ts'
import { openTestConnector, openTinyBank, type TinyBank } from './tiny-bank.fixture.ts'

let tiny: TinyBank
let test: ReturnType<typeof openTestConnector>
let connector: BankConnector
beforeEach(async () => {
  tiny = await openTinyBank()
  test = openTestConnector([tiny.bank], { callTimeoutMs: 1_500 })
  connector = test.connector
})
afterEach(() => tiny.close())

const login = { username: 'ada', password: 'a-password' }
const unavailable = { kind: 'bank_unavailable' }

async function signedIn(): Promise<SignedIn> {
  const answer = await connector.signIn('tiny-bank', login)
  if (answer.kind !== 'signed_in') throw new Error(`expected to be signed in, not ${answer.kind}`)
  return answer
}

it('answers for a bank that left the settings', async () => {
  const grant = { consentId: null, refreshToken: 'r' }
  expect(await connector.balance('gone-bank', grant, 'acc-1', test.keep)).toEqual(unavailable)
  expect(await connector.begin('gone-bank', 's')).toEqual(unavailable)
})

it('does not open for a bank without TLS, unless told that this is a laptop', () => {
  expect(() => openTestConnector([tiny.bank], { allowInsecure: false })).toThrow(
    "bank 'tiny-bank' is spoken to over https",
  )
})

it('is never used inside a transaction', async () => {
  const sql = connect(inject('postgresUrl'), { max: 1 })
  const grant = { consentId: null, refreshToken: 'r' }
  const inside = transact(sql, () => connector.balance('tiny-bank', grant, 'acc-1', test.keep))
  await expect(inside).rejects.toThrow('the bank connector is never used inside a transaction')
  await sql.end()
})

it('writes a line for each call, and never a secret or a number', async () => {
  const { grant } = await signedIn()
  await connector.balance('tiny-bank', grant, 'acc-1', test.keep)
  await connector.numbers('tiny-bank', grant, 'acc-1', test.keep)
  tiny.next('token', { status: 400, json: { error: 'invalid_grant', error_description: 'refresh-token-1 is spent' } })
  tiny.expireAccessTokens()
  await connector.balance('tiny-bank', grant, 'acc-1', test.keep)
  await connector.revoke('tiny-bank', grant, test.keep)
  const log = test.logged()
  const lines = log.split('\n').flatMap((line) => (line.includes('bank call') ? [JSON.parse(line) as object] : []))
  expect(lines).toHaveLength(tiny.calls.length)
  expect(lines).toContainEqual(
    expect.objectContaining({ bank: 'tiny-bank', call: 'account', status: 200, interactionId: expect.any(String) }),
  )
  for (const secret of [
    'refresh-token',
    'access-token',
    'a-password',
    'ada',
    'Lovelace',
    '9876501234',
    'acc-1',
    'the-code',
  ])
    expect(log).not.toContain(secret)
})

it('says client_secret_basic where the bank wants it, and sends the headers that banks want', async () => {
  const heard: (string | undefined)[] = []
  const clientSecret = 'aClientSecret'
  const basic = openTestConnector([
    { ...tiny.bank, tokenAuth: 'client_secret_basic', clientSecret, dataRecipientId: 'us', dataProviderId: 'them' },
  ])
  tiny.on('contact', ({ headers }) => {
    heard.push(String(headers['fdx-api-data-recipient-id']), String(headers['fdx-api-data-provider-id']))
    return { json: {} }
  })
  tiny.on('revoke', ({ headers }) => {
    heard.push(headers.authorization)
    return { raw: '' }
  })
  const answer = await basic.connector.signIn('tiny-bank', login)
  if (answer.kind === 'signed_in') await basic.connector.revoke('tiny-bank', answer.grant, basic.keep)
  expect(heard).toEqual(['us', 'them', `Basic ${Buffer.from('rialto:aClientSecret').toString('base64')}`])
  expect(basic.logged()).not.toContain(clientSecret)
  expect(JSON.stringify(basic.connector.institutions())).not.toContain(clientSecret)
})
