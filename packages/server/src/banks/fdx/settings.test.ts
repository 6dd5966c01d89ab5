import { expect, it } from 'vitest'
import { type FdxBank, parseBanks, toInstitution } from './settings.ts'

const good = {
  id: 'first-bank',
  number: 1001,
  name: 'First Bank',
  domain: 'first.example',
  monogram: 'F',
  color: '#1d4ed8',
  popularity: 10,
  signIn: 'redirect',
  issuer: 'https://first.example/oauth',
  fdxBase: 'https://first.example/fdx/v6',
  fdxVersion: 6,
  clientId: 'rialto',
  scopes: ['openid', 'offline_access', 'fdx:accountbasic:read'],
  tokenAuth: 'private_key_jwt',
  par: true,
  pkce: true,
}

it('reads a bank, and a notice that is not there is none', () => {
  expect(parseBanks([good])).toEqual([{ ...good, notice: null }])
  expect(parseBanks([{ ...good, notice: 'Slow today' }])).toMatchObject([{ notice: 'Slow today' }])
})

it('says everything that is wrong at once', () => {
  expect(
    parseBanks([
      { ...good, color: 'blue', pkce: false, colour: '#000000', fdxVersion: 4, scopes: [] },
      { ...good, id: 'second', issuer: 'http://second.example', tokenAuth: 'client_secret_basic' },
      { ...good, number: 1001, clientSecret: 'hush', fdxBase: 'not a url' },
      { ...good, id: 'Third Bank' },
      'nonsense',
    ]),
  ).toEqual({
    problems: [
      "bank 'first-bank': colour is not a setting",
      "bank 'first-bank': color must match ^#[0-9a-fA-F]{6}$",
      "bank 'first-bank': fdxVersion must be 5 or 6",
      "bank 'first-bank': scopes must be a list of names",
      "bank 'first-bank': pkce must be true",
      "bank 'second': issuer must be https",
      "bank 'second': clientSecret is missing; tokenAuth client_secret_basic needs it",
      "bank 'first-bank': fdxBase must be an absolute URL without user, query and fragment",
      "bank 'first-bank': clientSecret is not used with tokenAuth private_key_jwt; take it out",
      "bank 'Third Bank': id must match ^[a-z0-9][a-z0-9-]{0,63}$",
      'bank number 5: is not a JSON object',
      'number 1001 is used twice',
    ],
  })
})

it('names what is missing', () => {
  const { issuer: _, ...rest } = good
  expect(parseBanks([rest])).toEqual({ problems: ["bank 'first-bank': issuer is missing"] })
  expect(parseBanks({})).toEqual({ problems: ['the list of banks is not a JSON array'] })
})

it('refuses two banks of one id', () => {
  expect(parseBanks([good, { ...good, number: 7 }])).toEqual({ problems: ['id first-bank is used twice'] })
})

it('takes addresses without TLS only when told to', () => {
  const local = { ...good, issuer: 'http://localhost:4010/first', fdxBase: 'http://localhost:4010/first/fdx' }
  expect(parseBanks([local], { allowInsecure: true })).toHaveLength(1)
  expect(parseBanks([local])).toMatchObject({
    problems: [/issuer/, /fdxBase/].map((name) => expect.stringMatching(name)),
  })
})

it('never repeats a value, which may be a secret', () => {
  const answer = parseBanks([{ ...good, clientSecret: { hush: 'hush-hush' } }])
  expect(JSON.stringify(answer)).not.toContain('hush-hush')
})

it('shows nothing of the settings to those who only list banks', () => {
  const bank = { ...good, notice: null, clientSecret: 'hush', tokenAuth: 'client_secret_basic' } as FdxBank
  expect(Object.keys(toInstitution(bank)).sort()).toEqual(
    ['color', 'domain', 'id', 'monogram', 'name', 'notice', 'number', 'popularity', 'signIn'].sort(),
  )
})
