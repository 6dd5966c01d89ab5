import { addendaLayouts } from './addenda.layouts.ts'
import { kindOfChangeCode, kindOfReturnCode } from './addenda-kind.ts'
import { dayToColumns } from './day.ts'
import type {
  Addenda,
  ContestedAddenda,
  DishonoredAddenda,
  PaymentAddenda,
  RefusedChangeAddenda,
  ReturnAddenda,
} from './file.ts'
import { writerOf } from './layout.writer.ts'
import { NachaError } from './nacha-error.ts'

const payment = writerOf(addendaLayouts.addendaPayment)
const returned = writerOf(addendaLayouts.addendaReturn)
const dishonored = writerOf(addendaLayouts.addendaDishonored)
const contested = writerOf(addendaLayouts.addendaContested)
const change = writerOf(addendaLayouts.addendaChange)
const refusedChange = writerOf(addendaLayouts.addendaRefusedChange)

/**
 * The 7 record of an entry, without its line end. Refuses, with a NachaError, what does not fit its columns, and a code
 * that belongs to another kind of addenda: a reader tells the kinds apart by the code alone.
 */
export function writeAddenda(addenda: Addenda, entryTrace: string): string {
  switch (addenda.kind) {
    case 'payment':
      return writePayment(addenda, entryTrace)
    case 'return':
      return writeReturn(addenda)
    case 'dishonored':
      return writeDishonored(addenda)
    case 'contested':
      return writeContested(addenda)
    case 'change':
      codeBelongs(addenda.code, 'C', kindOfChangeCode(addenda.code) === 'change', addendaLayouts.addendaChange.name)
      return change(addenda)
    case 'refused_change':
      return writeRefusedChange(addenda)
  }
}

const writePayment = ({ information }: PaymentAddenda, entryTrace: string): string =>
  payment({ information, sequence: 1, entrySequence: entryTrace.slice(8) })

function writeReturn({
  code,
  originalTrace,
  dateOfDeath,
  originalRdfi,
  information = '',
  trace,
}: ReturnAddenda): string {
  const { name } = addendaLayouts.addendaReturn
  codeBelongs(code, 'R', kindOfReturnCode(code) === 'return', name)
  const died = dayOrBlank(dateOfDeath ?? '', name, 'dateOfDeath', '22-27')
  return returned({ code, originalTrace, dateOfDeath: died, originalRdfi, information, trace })
}

function writeDishonored(addenda: DishonoredAddenda): string {
  const { name } = addendaLayouts.addendaDishonored
  codeBelongs(addenda.code, 'R', kindOfReturnCode(addenda.code) === 'dishonored', name)
  return dishonored({
    ...addenda,
    information: addenda.information ?? '',
    returnCode: withoutR(addenda.returnCode, name, 'returnCode', '57-58'),
  })
}

function writeContested(addenda: ContestedAddenda): string {
  const { name } = addendaLayouts.addendaContested
  codeBelongs(addenda.code, 'R', kindOfReturnCode(addenda.code) === 'contested', name)
  return contested({
    ...addenda,
    originalReturnDate: dayOrBlank(addenda.originalReturnDate, name, 'originalReturnDate', '22-27'),
    returnCode: withoutR(addenda.returnCode, name, 'returnCode', '57-58'),
    dishonoredCode: withoutR(addenda.dishonoredCode, name, 'dishonoredCode', '77-78'),
  })
}

function writeRefusedChange(addenda: RefusedChangeAddenda): string {
  const { name } = addendaLayouts.addendaRefusedChange
  codeBelongs(addenda.code, 'C', kindOfChangeCode(addenda.code) === 'refused_change', name)
  return refusedChange(addenda)
}

function codeBelongs(code: string, letter: string, isOfKind: boolean, record: string): void {
  if (!isOfKind || code.length !== 3 || code[0] !== letter)
    throw new NachaError(record, 'code', '4-6', `'${code}' is not a code of this record`)
}

function dayOrBlank(day: string, record: string, field: string, columns: string): string {
  const written = day === '' ? '' : dayToColumns(day)
  if (written === undefined) throw new NachaError(record, field, columns, `'${day}' is not a day`)
  return written
}

function withoutR(code: string, record: string, field: string, columns: string): string {
  if (code !== '' && !/^R\d\d$/.test(code))
    throw new NachaError(record, field, columns, `'${code}' is not a return code`)
  return code.slice(1)
}
