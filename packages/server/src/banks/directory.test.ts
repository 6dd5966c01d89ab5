import { expect, it } from 'vitest'
import type { Institution } from './bank-connector.ts'
import { openDirectory } from './directory.ts'

const bank = (id: string, name: string, domain: string, popularity: number): Institution => ({
  id,
  number: 1,
  name,
  domain,
  monogram: 'B',
  color: '#112233',
  popularity,
  signIn: 'redirect',
  notice: null,
})

const banks = [
  bank('finbank-profiles-b', 'FinBank Profiles - B', 'b.finbank.example', 80),
  bank('finbank-oauth', 'Finbank OAuth', 'oauth.finbank.example', 100),
  bank('finbank-profiles-a', 'FinBank Profiles - A', 'a.finbank.example', 90),
  bank('boa', 'Bank of America', 'bankofamerica.com', 70),
  bank('chase', 'Chase', 'chase.com', 70),
  bank('wells', 'Wells Fargo', 'wellsfargo.com', 60),
  bank('nfcu', 'Navy Federal Credit Union', 'navyfederal.org', 40),
  bank('cafe', 'Crédit Café', 'creditcafe.example', 1),
  bank('peoples', "People's Bank", 'peoples.example', 1),
]
const { search } = openDirectory(banks)
const found = (words: string, limit = 20) => search(words, limit).map(({ id }) => id)

it('shows the popular first when nothing is typed', () => {
  expect(found('', 4)).toEqual(['finbank-oauth', 'finbank-profiles-a', 'finbank-profiles-b', 'boa'])
  expect(found('   ', 1)).toEqual(['finbank-oauth'])
})

it.each([
  ['finb', 'finbank-oauth'],
  ['finbnk', 'finbank-oauth'],
  ['profles b', 'finbank-profiles-b'],
  ['FINBANK PROFILES A', 'finbank-profiles-a'],
  ['finbankprofilesb', 'finbank-profiles-b'],
  ['boa', 'boa'],
  ['bofa', 'boa'],
  ['bank of amercia', 'boa'],
  ['bankofamerica', 'boa'],
  ['jpmorgan', 'chase'],
  ['chase.com', 'chase'],
  ['chsae', 'chase'],
  ['wf', 'wells'],
  ['nfcu', 'nfcu'],
  ['navy fcu', 'nfcu'],
  ['credit cafe', 'cafe'],
  ['peoples', 'peoples'],
])('finds for %s first %s', (words, id) => {
  expect(found(words)[0]).toBe(id)
})

it('leaves out what does not match', () => {
  expect(found('profles b')).toEqual(['finbank-profiles-b'])
  expect(found('zzzzzz')).toEqual([])
  expect(found('!!!')).toEqual([])
})

it('falls back to any of the words when no bank has them all', () => {
  expect(found('chase somewhere')).toEqual(['chase'])
})

it('gives the same order for the same words, however the banks were listed', () => {
  const other = openDirectory([...banks].reverse())
  for (const words of ['', 'b', 'bank', 'fin', 'a'])
    expect(other.search(words, 20).map(({ id }) => id)).toEqual(found(words))
})

it('keeps to its limits', () => {
  expect(found('', 2)).toHaveLength(2)
  expect(found('', -1)).toEqual([])
  expect(found('finbank', 1)).toHaveLength(1)
  expect(found('x'.repeat(1_000_000))).toEqual([])
  expect(
    openDirectory(Array.from({ length: 99 }, (_, n) => bank(`b${n}`, `B ${n}`, 'b', n))).search('', 99),
  ).toHaveLength(50)
})

it('has an answer when there are no banks', () => {
  expect(openDirectory([]).search('chase', 20)).toEqual([])
})
