import { type OriginatingBank, parseOriginatingBanks } from '../src/rails/originating-bank.ts'

/** The bank that sends the files of every test's house. */
export function testBank(more: object = {}): OriginatingBank {
  const banks = parseOriginatingBanks([
    {
      ...{ id: 'meridian', name: 'Meridian Trust', odfi: '044444444', immediateOrigin: '1400000001' },
      ...{ destinationName: 'MERIDIAN TRUST', originName: 'RIALTO', companyId: '1400000001', requireTwoPersons: false },
      drop: {},
      ...more,
    },
  ])
  if ('problems' in banks) throw new Error(banks.problems.join('; '))
  return banks[0] as OriginatingBank
}
