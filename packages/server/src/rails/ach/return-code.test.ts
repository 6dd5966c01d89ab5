import { describe, expect, it } from 'vitest'
import { disputeCode, disputeCodes } from './dispute-code.ts'
import { type ReturnCode, returnCode, returnCodes } from './return-code.ts'

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `R${String(from + index).padStart(2, '0')}`)
const codesWhere = (is: (code: ReturnCode) => boolean): string =>
  returnCodes
    .filter(is)
    .map(({ code }) => code)
    .join(' ')

describe('the table of return codes', () => {
  it('knows every code in use, in order', () => {
    const all = [...range(1, 47), ...range(50, 53), ...range(80, 85), 'R90']
    expect(returnCodes.map(({ code }) => code)).toEqual(all)
  })

  it.each([
    ['twice', 'R01 R09'],
    ['with_new_authorization', 'R07 R08 R10 R29'],
    ['after_fix', 'R03 R04 R11 R18 R19 R21 R22 R25 R26 R27 R28 R35 R36 R85'],
  ])('lets these be asked for again %s: %s', (represent, codes) => {
    expect(codesWhere((code) => code.represent === represent)).toBe(codes)
  })

  it.each([
    ['sixty_days', 'R05 R07 R10 R11 R33 R37 R38 R51 R52 R53'],
    ['next_file', 'R13 R18 R19 R25 R26 R27 R28 R30 R32 R34 R35 R36'],
    ['agreement', 'R06 R31'],
    ['on_refusal', 'R23'],
  ])('gives these the window %s: %s', (window, codes) => {
    expect(codesWhere((code) => code.window === window)).toBe(codes)
  })

  it.each([
    ['administrative', 'R02 R03 R04'],
    ['unauthorized', 'R05 R07 R10 R11 R29 R51'],
  ])('counts these in the %s rate: %s', (rate, codes) => {
    expect(codesWhere((code) => code.rate === rate)).toBe(codes)
  })

  it.each([
    ['freeze', 'R05 R07 R10 R16 R17 R29 R90'],
    ['relink', 'R03 R04 R12 R13'],
    ['close', 'R02 R14 R15 R20 R34'],
  ])('does this to the account, %s: %s', (account, codes) => {
    expect(codesWhere((code) => code.account === account)).toBe(codes)
  })

  it.each([
    ['retry', 'R01 R09'],
    ['account_unusable', 'R02 R03 R04 R12 R13 R16 R20 R34'],
    ['consent_gone', 'R05 R07 R08 R10 R11 R29'],
    ['deceased', 'R14 R15'],
    ['our_fault', 'R17 R18 R19 R21 R22 R24 R25 R26 R27 R28 R32 R35 R36 R85'],
    ['credit_refused', 'R23'],
    ['by_agreement', 'R06 R31'],
    ['sanctions', 'R90'],
  ])('handles these as %s: %s', (group, codes) => {
    expect(codesWhere((code) => code.group === group)).toBe(codes)
  })

  it('tells a person of everything that was our fault or not ours to begin with', () => {
    for (const { group, alarm } of returnCodes)
      if (['our_fault', 'not_ours', 'sanctions'].includes(group)) expect(alarm).toBe(true)
    expect(codesWhere(({ group, alarm }) => alarm && !['our_fault', 'not_ours', 'sanctions'].includes(group))).toBe(
      'R05 R11 R16 R31 R34',
    )
  })

  it('has whole sentences for merchant and payer, without codes and blame', () => {
    for (const { says, customerSays, title } of [...returnCodes, returnCode('R99')]) {
      expect(says).toMatch(/^[A-Z].*\.$/)
      expect(customerSays).toMatch(/^[A-Z].*\.$/)
      expect(customerSays).not.toMatch(/\bR\d\d|ACH|RDFI|ODFI|entry|fraud|sanction|died|deceased/i)
      expect(title.length).toBeLessThan(45)
    }
  })

  it('keeps a code that nobody knows, asks for nothing again, and shows it to a person', () => {
    for (const code of ['R48', 'R99', '', 'constructor', '__proto__'])
      expect(returnCode(code)).toMatchObject({
        code,
        represent: 'never',
        rate: null,
        account: 'keep',
        alarm: true,
        group: 'unknown',
        says: expect.stringContaining('does not know'),
      })
  })
})

describe('the table of dishonors and contests', () => {
  it('knows who sends which', () => {
    const sentBy = (sender: string) => disputeCodes.filter((one) => one.sentBy === sender).map(({ code }) => code)
    expect(sentBy('odfi')).toEqual(['R61', 'R62', 'R67', 'R68', 'R69', 'R70'])
    expect(sentBy('rdfi')).toEqual(range(71, 77))
  })

  it('lets contests answer dishonors only', () => {
    for (const { kind, answers } of disputeCodes)
      if (answers) expect([kind, disputeCode(answers)?.kind]).toEqual(['contest', 'dishonor'])
    expect(disputeCode('R74')?.answers).toBe('R69')
    expect(disputeCode('R01')).toBeUndefined()
  })
})
