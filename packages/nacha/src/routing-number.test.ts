import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isRoutingNumber, routingNumberProblem } from './routing-number.ts'

it.each(['091000019', '021000021', '122105278', '011401533', '322271627', '061000104', '800000006'])(
  'has nothing to say about %s',
  (routing) => {
    expect(routingNumberProblem(routing)).toBeUndefined()
  },
)

it.each([
  ['', 'is not nine digits'],
  ['09100001', 'is not nine digits'],
  ['0910000190', 'is not nine digits'],
  ['09100001A', 'is not nine digits'],
  ['000000000', 'is all zeros'],
  ['091000018', 'has check digit 8 where 9 is right'],
  ['130000000', 'begins with 13, which none does'],
  ['500000005', 'begins with 50, which none does'],
  ['990000000', 'begins with 99, which none does'],
])('refuses %j: %s', (routing, problem) => {
  expect(routingNumberProblem(routing)).toBe(problem)
})

it('finds any one wrong digit', () => {
  fc.assert(
    fc.property(fc.nat(8), fc.integer({ min: 1, max: 9 }), (at, by) => {
      const digits = [...'091000019']
      digits[at] = String((Number(digits[at]) + by) % 10)
      expect(isRoutingNumber(digits.join(''))).toBe(false)
    }),
  )
})
