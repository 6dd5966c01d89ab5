import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeCode, changeCodes, readCorrection, writeCorrection } from './change-code.ts'

describe('the table of change codes', () => {
  it('knows every change and every refusal, in order', () => {
    const codes = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => `C${String(from + index).padStart(2, '0')}`)
    expect(changeCodes.map(({ code }) => code)).toEqual([...codes(1, 14), ...codes(61, 69)])
    for (const { code, kind, sentBy } of changeCodes)
      expect([kind, sentBy]).toEqual(code < 'C61' ? ['change', 'rdfi'] : ['refusal', 'odfi'])
  })

  it('shows a person what corrects nothing, a code that nobody knows among it', () => {
    const alarming = changeCodes.filter(({ alarm }) => alarm).map(({ code }) => code)
    expect(alarming).toEqual(['C08', 'C10', 'C11', 'C12', 'C13', 'C14'])
    expect(changeCode('C77')).toMatchObject({ code: 'C77', title: 'Unknown change', corrects: [], alarm: true })
    expect(changeCode('C06').corrects).toEqual(['accountNumber', 'transactionCode'])
  })
})

/** `code | corrected data as they stand in positions 36 to 64 | what is read`. A dot stands for a blank. */
const readings = `
  C01 | 0012345678........................ | accountNumber=0012345678
  C01 | 12345678901234567............ | accountNumber=12345678901234567
  C01 | .......0012345678 | accountNumber=0012345678
  C01 | ............................. | -
  C01 | 00000000000000000 | -
  C01 | 12 34 | -
  C02 | 021000021 | routingNumber=021000021
  C02 | 021000022 | -
  C02 | 000000000 | -
  C03 | 021000021...0012345678 | routingNumber=021000021 accountNumber=0012345678
  C03 | 0210000210012345678 | -
  C03 | 021000022...0012345678 | -
  C04 | ADA LOVELACE | name=ADA_LOVELACE
  C05 | 37 | transactionCode=37
  C05 | 26 | -
  C05 | 99 | -
  C06 | 0012345678..........37 | accountNumber=0012345678 transactionCode=37
  C06 | 0012345678.......37 | accountNumber=0012345678 transactionCode=37
  C06 | 12345678901234567...27....... | accountNumber=12345678901234567 transactionCode=27
  C06 | 1234567890123456727.......... | accountNumber=12345678901234567 transactionCode=27
  C06 | 0012345678 | -
  C07 | 0210000210012345678.......37. | routingNumber=021000021 accountNumber=0012345678 transactionCode=37
  C07 | 0210000211234567890123456727 | routingNumber=021000021 accountNumber=12345678901234567 transactionCode=27
  C07 | 021000021 | -
  C08 | 12345678 | -
  C09 | CUSTOMER-7 | individualId=CUSTOMER-7
  C13 | anything | -
  C61 | 021000021 | -
  C99 | 021000021 | -
  constructor | 021000021 | -
`
const cases = readings
  .trim()
  .split('\n')
  .map((line) => line.trim().split(' | '))

describe('corrected data', () => {
  it.each(cases)('%s: %s is read as %s', (code = '', data = '', expected = '') => {
    const pairs = expected.split(' ').map((pair) => pair.replace('_', ' ').split('='))
    expect(readCorrection(code, data.replaceAll('.', ' '))).toEqual(
      expected === '-' ? undefined : Object.fromEntries(pairs),
    )
  })

  it('are read as they were written, whatever is corrected', () => {
    const digits = (length: number) =>
      fc.integer({ min: 1, max: 10 ** Math.min(length, 9) - 1 }).map((number) => String(number).padStart(length, '0'))
    const whole = fc.record({
      accountNumber: fc.integer({ min: 2, max: 17 }).chain(digits),
      routingNumber: fc.constantFrom('021000021', '011401533', '322271627'),
      transactionCode: fc.constantFrom('22', '27', '32', '37'),
      name: fc.constantFrom('ADA LOVELACE', 'A', 'N'.repeat(22)),
      individualId: fc.constantFrom('7', 'C'.repeat(22)),
    })
    const code = fc.constantFrom('C01', 'C02', 'C03', 'C04', 'C05', 'C06', 'C07', 'C09')
    fc.assert(
      fc.property(code, whole, (one, correction) => {
        const data = writeCorrection(one, correction)
        expect(data).toHaveLength(29)
        const { corrects } = changeCode(one)
        expect(readCorrection(one, data)).toEqual(
          Object.fromEntries(corrects.map((field) => [field, correction[field]])),
        )
        expect(readCorrection(one, data.trimEnd())).toEqual(readCorrection(one, data))
      }),
    )
  })

  it('are not written when they would not be read', () => {
    expect(() => writeCorrection('C02', { routingNumber: '021000022' })).toThrow('a routingNumber that fits')
    expect(() => writeCorrection('C04', { name: 'N'.repeat(23) })).toThrow('a name that fits')
    expect(() => writeCorrection('C03', { routingNumber: '021000021' })).toThrow('an accountNumber that fits')
    expect(() => writeCorrection('C13', {})).toThrow('corrects something')
  })
})
