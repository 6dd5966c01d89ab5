import { describe, expect, it } from 'vitest'
import { asDay } from '../kernel/banking-day.ts'
import { isRoutingNumber } from '../kernel/routing-number.ts'
import { parseOriginatingBanks, windowsOn } from './originating-bank.ts'

const least = {
  id: 'first-bank',
  name: 'First Bank',
  odfi: '021000021',
  immediateOrigin: '1123456789',
  destinationName: 'FIRST BANK',
  originName: 'RIALTO',
  companyId: '1123456789',
  drop: { kind: 'folder', path: './drop' },
}

const parsed = (...items: unknown[]) => {
  const banks = parseOriginatingBanks(items)
  if ('problems' in banks) throw new Error(banks.problems.join('\n'))
  return banks
}
const one = (more: object = {}) => {
  const [bank] = parsed({ ...least, ...more })
  if (!bank) throw new Error('no bank')
  return bank
}
const problems = (value: unknown): readonly string[] => {
  const banks = parseOriginatingBanks(value)
  return 'problems' in banks ? banks.problems : []
}

describe('the settings of an originating bank', () => {
  it('fill in what is usual', () => {
    expect(one()).toEqual({
      ...least,
      immediateDestination: '021000021',
      balanced: false,
      offsetAccount: undefined,
      requireTwoPersons: true,
      maxEntriesPerFile: 100_000,
      maxDebitsPerFile: 1_000_000_000n,
      maxCreditsPerFile: 1_000_000_000n,
      acknowledgeWithinMs: 7_200_000,
      collectAt: ['08:45', '13:15', '17:15', '18:15'],
      windows: [
        {
          from: '2022-03-18',
          cutOffs: [
            { at: '10:00', speed: 'same_day', mark: 'SD1030' },
            { at: '14:15', speed: 'same_day', mark: 'SD1445' },
            { at: '16:15', speed: 'same_day', mark: 'SD1645' },
            { at: '20:00', speed: 'standard' },
          ],
          sameDayLimit: 100_000_000n,
        },
      ],
    })
  })

  it('put times in the order of the day and windows in the order of the calendar', () => {
    const { collectAt, windows } = one({
      collectAt: ['18:00', '09:00', '18:00'],
      windows: [
        { from: '2027-01-01', sameDayLimit: '10000000.00' },
        {
          from: '2026-01-01',
          cutOffs: [
            { at: '19:00', speed: 'standard' },
            { at: '09:30', speed: 'same_day' },
          ],
        },
      ],
    })
    expect(collectAt).toEqual(['09:00', '18:00'])
    expect(windows.map(({ from }) => from)).toEqual(['2026-01-01', '2027-01-01'])
    expect(windows[0]?.cutOffs.map(({ at }) => at)).toEqual(['09:30', '19:00'])
    expect(windows.map(({ sameDayLimit }) => sameDayLimit)).toEqual([100_000_000n, 1_000_000_000n])
  })

  it('hold from the day on which their windows begin', () => {
    const bank = one({ windows: [{ from: '2026-01-01' }, { from: '2027-01-01', sameDayLimit: '10000000' }] })
    const limitOn = (day: string) => windowsOn(bank, asDay(day)).sameDayLimit
    expect(['2025-06-01', '2026-01-01', '2026-12-31', '2027-01-01', '2030-01-01'].map(limitOn)).toEqual([
      100_000_000n,
      100_000_000n,
      100_000_000n,
      1_000_000_000n,
      1_000_000_000n,
    ])
  })

  it('know the account against which balanced files are balanced', () => {
    const offsetAccount = { routingNumber: '021000021', accountNumber: '000123', type: 'checking' }
    expect(one({ balanced: true, offsetAccount }).offsetAccount).toEqual(offsetAccount)
    expect(problems([{ ...least, balanced: true }])).toEqual([
      "originating bank 'first-bank': offsetAccount is missing; balanced files need it",
    ])
    expect(one({ balanced: true, offsetAccount: { ...offsetAccount, name: 'RIALTO FBO' } }).offsetAccount?.name).toBe(
      'RIALTO FBO',
    )
    expect(problems([{ ...least, offsetAccount }])).toHaveLength(1)
    expect(problems([{ ...least, balanced: true, offsetAccount, maxDebitsPerFile: '100000000.00' }])).toEqual([
      "originating bank 'first-bank': maxDebitsPerFile and maxCreditsPerFile are 99999999.99 at most in balanced files: one entry offsets all",
    ])
  })

  it('say every problem at once, and where it is', () => {
    const found = problems([
      {
        ...least,
        odfi: '021000022',
        companyId: 'short',
        balanced: 'yes',
        maxDebitsPerFile: 1000,
        maxCreditsPerFile: '0.00',
        colectAt: ['08:45'],
        collectAt: ['8:45'],
        windows: [{ from: '2026-02-30', cutOffs: [{ at: '10:00', speed: 'fast' }], sameDayLimit: '1.5' }],
        drop: null,
      },
      { id: 'second-bank' },
      'third',
    ])
    for (const problem of [
      "originating bank 'first-bank': colectAt is not a setting",
      "originating bank 'first-bank': odfi must be nine digits with the right check digit",
      "originating bank 'first-bank': companyId must be ten digits and capital letters, given by the bank",
      "originating bank 'first-bank': balanced must be true or false",
      "originating bank 'first-bank': collectAt number 1 must be a time of day in New York, such as 14:15",
      "originating bank 'first-bank': windows number 1 from must be a day, such as 2026-01-05",
      "originating bank 'first-bank': windows number 1 cutOffs number 1 speed must be same_day or standard",
      "originating bank 'first-bank': drop must be a JSON object",
      "originating bank 'second-bank': name is missing",
      "originating bank 'second-bank': drop is missing",
      'originating bank number 3: must be a JSON object',
    ])
      expect(found).toContain(problem)
    expect(found.filter((problem) => /maxDebitsPerFile|maxCreditsPerFile|sameDayLimit/.test(problem))).toHaveLength(3)
    expect(found).toHaveLength(11 + 3 + 6 - 1)
  })

  it('never repeat an account number', () => {
    const offsetAccount = { routingNumber: '021000021', accountNumber: '0001 234567890123456', type: 'checking' }
    const [problem = '', ...more] = problems([{ ...least, balanced: true, offsetAccount }])
    expect(more).toEqual([])
    expect(problem).toContain('offsetAccount accountNumber must be')
    expect(problem).not.toContain('234567')
  })

  it.each([
    ['no standard cut-off', [{ at: '10:00', speed: 'same_day' }], 'have no standard cut-off'],
    ['a marked standard cut-off', [{ at: '20:00', speed: 'standard', mark: 'SD1645' }], 'mark a standard cut-off'],
    [
      'two cut-offs at once',
      [
        { at: '20:00', speed: 'standard' },
        { at: '20:00', speed: 'same_day' },
      ],
      'two cut-offs at the same time',
    ],
  ])('refuse %s', (_, cutOffs, problem) => {
    expect(problems([{ ...least, windows: [{ from: '2026-01-01', cutOffs }] }]).join()).toContain(problem)
  })

  it('refuse two banks that one could take for each other', () => {
    expect(problems([least, least])).toEqual([
      'originating banks number 1 and 2 have the same id',
      'originating banks number 1 and 2 have the same immediateOrigin and immediateDestination',
    ])
    expect(parsed(least, { ...least, id: 'second-bank', immediateOrigin: '2123456789' })).toHaveLength(2)
  })

  it('refuse two windows that begin on one day, and a list that is none or empty', () => {
    const windows = [{ from: '2026-01-01' }, { from: '2026-01-01' }]
    expect(problems([{ ...least, windows }]).join()).toContain('windows begin twice')
    expect(problems({})).toEqual(['the list of originating banks is not a JSON array'])
    expect(problems([])).toEqual(['the list of originating banks is empty'])
  })
})

it.each([
  ['021000021', true],
  ['011401533', true],
  ['322271627', true],
  ['021000022', false],
  ['000000000', false],
  ['501000011', false],
  ['02100002', false],
  ['0210000210', false],
  ['02100002a', false],
])('takes %s for a routing number: %s', (text, is) => {
  expect(isRoutingNumber(text)).toBe(is)
})
