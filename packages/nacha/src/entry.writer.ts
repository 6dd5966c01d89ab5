import { entryLayouts } from './entry.layouts.ts'
import type { EntryForm } from './entry-form.ts'
import type { Entry } from './file.ts'
import { writerOf } from './layout.writer.ts'
import { NachaError } from './nacha-error.ts'
import { describeTransactionCode } from './transaction-code.ts'

const standard = writerOf(entryLayouts.entryDetail)
const nameFirst = writerOf(entryLayouts.entryDetailNameFirst)
const counted = writerOf(entryLayouts.entryDetailCounted)

/**
 * The 6 record of an entry, without its line end. Refuses what does not fit, unknown transaction codes, IAT and ADV.
 */
export function writeEntry(entry: Entry, form: EntryForm): string {
  const { transactionCode, rdfi, accountNumber, amount, individualId, individualName, traceNumber } = entry
  if (!describeTransactionCode(transactionCode))
    throw new NachaError('Entry Detail (6)', 'transactionCode', '2-3', `'${transactionCode}' is not in the table`)
  const values = {
    transactionCode,
    receivingDfi: rdfi.slice(0, 8),
    checkDigit: rdfi.slice(8),
    accountNumber,
    amount,
    individualId,
    individualName,
    discretionary: entry.discretionary ?? '',
    addendaIndicator: entry.addenda ? '1' : '0',
    traceNumber,
  }
  switch (form) {
    case 'standard':
      return standard(values)
    case 'nameFirst':
      return nameFirst(values)
    case 'counted':
      return counted({ ...values, addendaCount: entry.addenda ? 1 : 0 })
    default:
      throw new NachaError('Batch Header (5)', 'secCode', '51-53', `${form.toUpperCase()} is not written here`)
  }
}
