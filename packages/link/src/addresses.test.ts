import { expect, it } from 'vitest'
import { addressOf, isSafeToGo, placeOf } from './addresses.ts'
import { endings, steps } from './flow.ts'

it('reads every address it writes', () => {
  for (const page of [...steps, ...endings])
    expect(placeOf(addressOf('0198-abc', page))).toEqual({ kind: 'flow', flowId: '0198-abc', page })
})

it.each([
  ['/used', { kind: 'used' }],
  ['/unknown', { kind: 'unknown' }],
  ['/s/0198-abc/toll-booth', { kind: 'flow', flowId: '0198-abc', page: null }],
  ['/s/0198-abc', { kind: 'unknown' }],
  ['/s/../bank', { kind: 'unknown' }],
  ['/s/a%2Fb/bank', { kind: 'unknown' }],
  [`/s/${'x'.repeat(65)}/bank`, { kind: 'unknown' }],
  ['/', { kind: 'unknown' }],
])('reads %s', (path, place) => {
  expect(placeOf(path)).toEqual(place)
})

it.each([
  ['https://shop.example/thanks?status=200', true],
  ['http://localhost:4020/', true],
  ['northwind-app://linked', true],
  ['/s/0198-abc/to-bank', true],
  ['/\\shop.example', false],
  ['javascript:alert(1)', false],
  ['JavaScript:alert(1)', false],
  [' javascript:alert(1)', false],
  ['java\nscript:alert(1)', false],
  ['data:text/html,x', false],
  ['//shop.example', false],
  ['undefined', false],
  ['', false],
])('judges whether the browser may go to %j', (address, isSafe) => {
  expect(isSafeToGo(address)).toBe(isSafe)
})
