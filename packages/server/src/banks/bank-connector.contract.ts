import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Money } from '../kernel/money.ts'
import type { BankConnector, Grant, SignedIn, SignInAnswer } from './bank-connector.ts'

/** What a test of any connector brings along: banks with the published characters, and the customer's browser. */
export type Drive = Readonly<{
  connector: BankConnector
  /** Another process of the same platform: it shares the banks, and nothing in memory. */
  elsewhere(): BankConnector
  /** Signs in at the bank's own pages and answers what the bank sends back to our address. */
  visit(redirectTo: string, login: string, decision: 'allow' | 'deny'): Promise<Record<string, string>>
  /** The customer, or time, ends the consent at the bank. */
  endConsents(institutionId: string, login: string): Promise<void>
  /** Every log line so far, as one text. */
  logged(): string
  close(): Promise<void>
}>

/** What must hold for every source of bank accounts. `opens` names the institutions, `open` starts them. */
export function bankConnectorContract(opens: readonly string[], open: () => Promise<Drive>): void {
  let drive: Drive
  const secrets = new Set<string>()
  const kept: Grant[] = []
  const keep = async (grant: Grant) => {
    secrets.add(grant.refreshToken)
    kept.push(grant)
  }
  beforeAll(async () => {
    drive = await open()
  }, 90_000)
  afterAll(() => drive.close())

  async function enter(institutionId: string, login: string) {
    const { connector } = drive
    const institution = connector.institutions().find(({ id }) => id === institutionId)
    if (institution?.signIn === 'credentials')
      return connector.signIn(institutionId, { username: login, password: login })
    const begun = await connector.begin(institutionId, `state-of-${login}`)
    if (begun.kind !== 'redirect') return begun
    return connector.finish(institutionId, begun.secret, await drive.visit(begun.redirectTo, login, 'allow'))
  }

  async function link(institutionId: string, login: string): Promise<SignedIn> {
    const answer = await enter(institutionId, login)
    if (answer.kind !== 'signed_in') throw new Error(`${login} at ${institutionId}: ${answer.kind}`)
    secrets.add(answer.grant.refreshToken)
    return answer
  }
  const eligible = (signedIn: SignedIn) => signedIn.accounts.filter((account) => account.eligible)

  it('lists its institutions, and finds them by a misspelt name', () => {
    const { connector } = drive
    expect(new Set(connector.institutions().map(({ id }) => id))).toEqual(new Set(opens))
    expect(connector.search('', 20)).toHaveLength(opens.length)
    for (const institution of connector.institutions())
      expect(connector.search(institution.name.replace('a', ''), 20)).toContainEqual(institution)
  })

  describe.each([...opens])('at %s', (bank) => {
    it('links a healthy customer, reads balance and numbers, rotates, and ends', async () => {
      const signedIn = await link(bank, 'profile_522')
      expect(signedIn.holderNames.length).toBeGreaterThan(0)
      expect(signedIn.accounts.map(({ type, eligible }) => [type, eligible])).toEqual([
        ['checking', true],
        ['savings', true],
        ['other', false],
      ])
      for (const account of signedIn.accounts) expect(account.lastFour).toMatch(/^\d{4}$/)
      for (const name of signedIn.holderNames) secrets.add(name)
      const [account] = eligible(signedIn)
      const ref = account?.ref ?? ''

      const numbers = await drive.connector.numbers(bank, signedIn.grant, ref, keep)
      expect(numbers).toMatchObject({ kind: 'ok', value: { routingNumber: expect.stringMatching(/^\d{9}$/) } })
      if (numbers.kind === 'ok') secrets.add(numbers.value.accountNumber)

      const before = kept.length
      const other = drive.elsewhere()
      const both = await Promise.all([1, 2].map(() => other.balance(bank, signedIn.grant, ref, keep)))
      expect(both).toMatchObject([1, 2].map(() => ({ kind: 'ok', value: account?.balance })))
      const rotated = both[0]?.kind === 'ok' ? both[0].grant : signedIn.grant
      expect(rotated.refreshToken).not.toBe(signedIn.grant.refreshToken)
      expect(new Set(kept.slice(before))).toEqual(new Set([rotated]))

      expect(await other.revoke(bank, rotated, keep)).toMatchObject({ kind: 'ok' })
      expect(await other.revoke(bank, rotated, keep)).toMatchObject({ kind: 'ok' })
      expect(await drive.elsewhere().balance(bank, rotated, ref, keep)).toMatchObject({ kind: 'relink' })
      expect(await drive.connector.numbers(bank, signedIn.grant, ref, keep)).toMatchObject({ kind: 'relink' })
    })

    it('reads a small balance exactly', async () => {
      const signedIn = await link(bank, 'profile_08')
      const [account] = eligible(signedIn)
      const answer = await drive.connector.balance(bank, signedIn.grant, account?.ref ?? '', keep)
      expect(answer).toEqual({ kind: 'ok', value: account?.balance, grant: signedIn.grant })
      expect(account?.balance && account.balance.minor < Money.of(100_00n).minor).toBe(true)
    })

    it('shows a customer who has nothing to pay from, with a reason for each account', async () => {
      const { accounts, holderNames } = await link(bank, 'profile_none')
      expect(accounts.length).toBeGreaterThan(0)
      for (const account of accounts) expect(account).toMatchObject({ eligible: false, reason: expect.any(String) })
      expect(holderNames).toEqual([])
    })

    it('gives a slow balance up when the caller has no more time', async () => {
      const signedIn = await link(bank, 'profile_slow_balance')
      const started = performance.now()
      const ref = eligible(signedIn)[0]?.ref ?? ''
      const answer = await drive.connector.balance(bank, signedIn.grant, ref, keep, AbortSignal.timeout(300))
      expect(answer).toEqual({ kind: 'bank_unavailable' })
      expect(performance.now() - started).toBeLessThan(3_000)
    })

    it('asks for a new link when the consent has ended at the bank', async () => {
      const signedIn = await link(bank, 'profile_revoked')
      await drive.endConsents(bank, 'profile_revoked')
      const ref = eligible(signedIn)[0]?.ref ?? ''
      expect(await drive.connector.balance(bank, signedIn.grant, ref, keep)).toMatchObject({ kind: 'relink' })
      expect(await drive.connector.revoke(bank, signedIn.grant, keep)).toMatchObject({ kind: 'ok' })
    })

    it('knows an account the bank does not', async () => {
      const signedIn = await link(bank, 'profile_522')
      const answer = await drive.connector.balance(bank, signedIn.grant, '../accounts', keep)
      expect(answer).toMatchObject({ kind: 'account_unusable' })
    })
  })

  const atCredentials = () => drive.connector.institutions().filter(({ signIn }) => signIn === 'credentials')
  const atRedirect = () => drive.connector.institutions().filter(({ signIn }) => signIn === 'redirect')

  it('tells why a sign-in inside the flow did not work', async () => {
    const expected: [login: string, password: string, answer: SignInAnswer][] = [
      ['profile_wrong', 'profile_wrong', { kind: 'problem', problem: 'wrong_credentials' }],
      ['profile_522', 'not the password', { kind: 'problem', problem: 'wrong_credentials' }],
      ['nobody', 'nobody', { kind: 'problem', problem: 'wrong_credentials' }],
      ['profile_locked', 'profile_locked', { kind: 'problem', problem: 'account_locked' }],
      ['profile_offline', 'profile_offline', { kind: 'bank_unavailable' }],
    ]
    for (const { id } of atCredentials())
      for (const [username, password, answer] of expected)
        expect(await drive.connector.signIn(id, { username, password })).toEqual(answer)
  })

  it('asks for the code, forgives a wrong one, takes the right one, and locks after three', async () => {
    const { connector } = drive
    for (const { id } of atCredentials()) {
      const login = { username: 'profile_mfa', password: 'profile_mfa' }
      let asked = await connector.signIn(id, login)
      expect(asked).toMatchObject({ kind: 'code_wanted', digits: 6, problem: null, prompt: expect.any(String) })
      if (asked.kind !== 'code_wanted') return
      asked = await connector.answerCode(id, asked.secret, '000000')
      expect(asked).toMatchObject({ kind: 'code_wanted', problem: 'wrong_code' })
      if (asked.kind !== 'code_wanted') return
      expect(await connector.answerCode(id, asked.secret, '123456')).toMatchObject({ kind: 'signed_in' })

      let answer = await connector.signIn(id, login)
      for (let tries = 0; tries < 3 && answer.kind === 'code_wanted'; tries++)
        answer = await connector.answerCode(id, answer.secret, '000000')
      expect(answer).toEqual({ kind: 'problem', problem: 'account_locked' })
    }
  })

  it('says that the customer left, and believes no return but its own', async () => {
    const { connector } = drive
    for (const { id } of atRedirect()) {
      const denied = await connector.begin(id, 'a-state')
      if (denied.kind !== 'redirect') throw new Error(denied.kind)
      const no = await drive.visit(denied.redirectTo, 'profile_522', 'deny')
      expect(await connector.finish(id, denied.secret, no)).toEqual({ kind: 'customer_left' })

      const mine = await connector.begin(id, 'my-state')
      const theirs = await connector.begin(id, 'their-state')
      if (mine.kind !== 'redirect' || theirs.kind !== 'redirect') throw new Error('no redirect')
      const query = await drive.visit(theirs.redirectTo, 'profile_522', 'allow')
      expect(await connector.finish(id, mine.secret, query)).toMatchObject({ kind: 'not_ours' })
      // The very code of another sign-in, with our state put on it.
      const swapped = { ...query, state: 'my-state' }
      expect(await connector.finish(id, mine.secret, swapped)).toMatchObject({ kind: 'not_ours' })
    }
  })

  it('has written none of the tokens, numbers, names and passwords into its log', () => {
    const log = drive.logged()
    expect(log).toContain('bank call')
    expect(secrets.size).toBeGreaterThan(opens.length * 3)
    for (const secret of [...secrets, 'profile_', '123456']) expect(log).not.toContain(secret)
  })
}
