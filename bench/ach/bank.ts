import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openReader, writeFile } from '@rialto/nacha'
import type { Sql } from '../../packages/server/src/db/connect.ts'
import { returned } from './seed.ts'

/** What the bank says to the file: everything settles, and every twentieth entry comes back. */
export async function bankAnswers(sql: Sql, outgoing: string): Promise<[string, Buffer][]> {
  const [name = ''] = readdirSync(outgoing).filter((one) => one.endsWith('.ach'))
  const reader = openReader()
  const records = [...reader.push(readFileSync(join(outgoing, name))), ...reader.end()]
  const entries = records.filter((record) => record.kind === 'entry')
  const [file] = await sql<{ day: string; modifier: string; debits: bigint; entries: number }[]>`
    select creation_date as day, modifier, debits, entries from ach_file`
  if (!file || entries.length !== file.entries) throw new Error('the file is not what was collected')
  const dollars = `${file.debits / 100n}.${String(file.debits % 100n).padStart(2, '0')}`
  const advice = [
    'SETTLEMENT-ADVICE,1',
    'settlement_date,immediate_origin,creation_date,file_id_modifier,batch_number,entries,debits,credits',
    `2026-01-06,1400000001,${file.day},${file.modifier},1,${file.entries},${dollars},0.00`,
  ].join('\n')
  const step = Math.floor(entries.length / returned)
  const back = entries.filter((_, index) => index % step === 0).slice(0, returned)
  const header = { immediateDestination: '1400000001', destinationName: 'RIALTO', immediateOrigin: '044444444' }
  const returns = writeFile(
    { ...header, originName: 'MERIDIAN TRUST', creationDate: '2026-01-06', creationTime: '08:30', fileIdModifier: 'A' },
    [
      {
        header: {
          ...{ serviceClass: 'debits', companyName: 'NORTHWIND COFFEE', companyId: '1400000001', secCode: 'WEB' },
          ...{ entryDescription: 'PURCHASE', effectiveDate: '2026-01-06', odfi: '01111111', batchNumber: 1 },
          settlementDay: '006',
        },
        entries: back.map((entry, index) => {
          const traceNumber = `01111111${String(index + 1).padStart(7, '0')}`
          return {
            ...{ transactionCode: 26, rdfi: '044444444', accountNumber: entry.accountNumber, amount: entry.amount },
            ...{
              individualId: entry.individualId,
              individualName: entry.individualName,
              discretionary: 'S',
              traceNumber,
            },
            addenda: {
              ...{ kind: 'return' as const, code: index % 2 === 0 ? 'R01' : 'R09', originalTrace: entry.traceNumber },
              ...{ originalRdfi: entry.rdfi.slice(0, 8), trace: traceNumber },
            },
          }
        }),
      },
    ],
  )
  return [
    ['settlement.csv', Buffer.from(advice)],
    ['returns.ach', Buffer.from(returns)],
  ]
}
