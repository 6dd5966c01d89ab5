import { addendaLayouts } from './addenda.layouts.ts'
import { kindOfChangeCode, kindOfReturnCode } from './addenda-kind.ts'
import { dayFromColumns } from './day.ts'
import type { Addenda } from './file.ts'
import { error, type Finding, warning } from './finding.ts'
import { type Shape, shapeOf, textsOf } from './layout.ts'
import { judgeShape, withReadableTexts } from './line.reader.ts'
import { placeIn } from './shape-findings.ts'

const kinds = {
  payment: { shape: shapeOf(addendaLayouts.addendaPayment), texts: textsOf(addendaLayouts.addendaPayment) },
  return: { shape: shapeOf(addendaLayouts.addendaReturn), texts: textsOf(addendaLayouts.addendaReturn) },
  dishonored: { shape: shapeOf(addendaLayouts.addendaDishonored), texts: textsOf(addendaLayouts.addendaDishonored) },
  contested: { shape: shapeOf(addendaLayouts.addendaContested), texts: textsOf(addendaLayouts.addendaContested) },
  change: { shape: shapeOf(addendaLayouts.addendaChange), texts: textsOf(addendaLayouts.addendaChange) },
  refused_change: {
    shape: shapeOf(addendaLayouts.addendaRefusedChange),
    texts: textsOf(addendaLayouts.addendaRefusedChange),
  },
} as const satisfies Record<Addenda['kind'], { shape: Shape; texts: object }>

/** The shape of each kind of addenda, for whoever judges a line again. */
export const addendaShape = (kind: Addenda['kind']): Shape => kinds[kind].shape

/** A 7 record that is understood: what it says, where it ends, and what is odd about its columns. */
export type AddendaRead = Readonly<{ addenda: Addenda; tail: string; sequence: string; findings: readonly Finding[] }>

/** Undefined: of a type that is kept as it came. */
export function readAddenda(
  text: string,
  raw: string,
  line: number,
  found: readonly Finding[],
): AddendaRead | undefined {
  const type = text.slice(1, 3)
  const code = text.slice(3, 6).toUpperCase()
  const kind = type === '05' ? 'payment' : type === '99' ? kindOfReturnCode(code) : kindOfChangeCode(code)
  if (type !== '05' && type !== '98' && type !== '99') return undefined
  const addenda = withReadableTexts(raw, understood[kind](text))
  const isPayment = addenda.kind === 'payment'
  return {
    addenda,
    tail: isPayment ? kinds.payment.texts.entrySequence(text) : addenda.trace,
    sequence: isPayment ? kinds.payment.texts.sequence(text) : '',
    findings: [...judgeShape(kinds[kind].shape, text, line, found), ...dayFindings(kind, text, line)],
  }
}

/** The one day some addenda hold. Zeros instead of blanks are common. */
function dayFindings(kind: Addenda['kind'], text: string, line: number): Finding[] {
  if (kind !== 'return' && kind !== 'contested') return []
  const name = kind === 'return' ? 'dateOfDeath' : 'originalReturnDate'
  const columns =
    kind === 'return' ? kinds.return.texts.dateOfDeath(text) : kinds.contested.texts.originalReturnDate(text)
  if (columns === '' || dayFromColumns(columns) !== undefined) return []
  const rule = columns === '000000' ? warning : error
  return [rule(line, 'no-such-day', `${placeIn(kinds[kind].shape.layout, name)}: '${columns}' is not a day`)]
}

const withR = (digits: string): string => (digits === '' ? '' : `R${digits}`)

const understood: Readonly<Record<Addenda['kind'], (text: string) => Addenda>> = {
  payment: (text) => ({ kind: 'payment', information: kinds.payment.texts.information(text) }),
  return(text) {
    const { texts } = kinds.return
    return {
      kind: 'return',
      code: texts.code(text).toUpperCase(),
      originalTrace: texts.originalTrace(text),
      dateOfDeath: dayFromColumns(texts.dateOfDeath(text)),
      originalRdfi: texts.originalRdfi(text),
      information: texts.information(text),
      trace: texts.trace(text),
    }
  },
  dishonored(text) {
    const { texts } = kinds.dishonored
    return {
      kind: 'dishonored',
      code: texts.code(text).toUpperCase(),
      originalTrace: texts.originalTrace(text),
      originalRdfi: texts.originalRdfi(text),
      returnTrace: texts.returnTrace(text),
      returnSettlementDay: texts.returnSettlementDay(text),
      returnCode: withR(texts.returnCode(text)),
      information: texts.information(text),
      trace: texts.trace(text),
    }
  },
  contested(text) {
    const { texts } = kinds.contested
    return {
      kind: 'contested',
      code: texts.code(text).toUpperCase(),
      originalTrace: texts.originalTrace(text),
      originalReturnDate: dayFromColumns(texts.originalReturnDate(text)) ?? '',
      originalRdfi: texts.originalRdfi(text),
      originalSettlementDay: texts.originalSettlementDay(text),
      returnTrace: texts.returnTrace(text),
      returnSettlementDay: texts.returnSettlementDay(text),
      returnCode: withR(texts.returnCode(text)),
      dishonoredTrace: texts.dishonoredTrace(text),
      dishonoredSettlementDay: texts.dishonoredSettlementDay(text),
      dishonoredCode: withR(texts.dishonoredCode(text)),
      trace: texts.trace(text),
    }
  },
  change(text) {
    const { texts } = kinds.change
    return {
      kind: 'change',
      code: texts.code(text).toUpperCase(),
      originalTrace: texts.originalTrace(text),
      originalRdfi: texts.originalRdfi(text),
      correctedData: texts.correctedData(text),
      trace: texts.trace(text),
    }
  },
  refused_change(text) {
    const { texts } = kinds.refused_change
    return {
      kind: 'refused_change',
      code: texts.code(text).toUpperCase(),
      originalTrace: texts.originalTrace(text),
      originalRdfi: texts.originalRdfi(text),
      correctedData: texts.correctedData(text),
      changeCode: texts.changeCode(text),
      changeTraceSequence: texts.changeTraceSequence(text),
      trace: texts.trace(text),
    }
  },
}
