import { NachaError, transactionCode, writeCorrection } from '@rialto/nacha'
import { type Static, Type } from 'typebox'
import { invalid } from '../http/errors.ts'

const members = ['accountNumber', 'routingNumber', 'accountType', 'name', 'individualId'] as const

/** What fits into a record: printable ASCII. */
const recordText = '^[ -~]*$'

export const ReturnBody = Type.Object(
  {
    code: Type.String({ maxLength: 10, description: 'R01 to R85.', examples: ['R01'] }),
    addendaInformation: Type.Optional(
      Type.String({ maxLength: 44, pattern: recordText, description: "The receiving bank's own words." }),
    ),
  },
  { title: 'SimulateReturn' },
)

export const CorrectBody = Type.Object(
  {
    code: Type.String({ maxLength: 10, description: 'C01 to C14.', examples: ['C05'] }),
    correctedData: Type.Optional(
      Type.String({
        maxLength: 29,
        pattern: recordText,
        description: 'As it stands in the record; or say it in members.',
      }),
    ),
    accountNumber: Type.Optional(Type.String({ minLength: 1, maxLength: 17, pattern: '^[A-Za-z0-9-]+$' })),
    routingNumber: Type.Optional(Type.String({ pattern: '^[0-9]{9}$' })),
    accountType: Type.Optional(Type.String({ maxLength: 20, description: 'checking or savings' })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 22, pattern: recordText })),
    individualId: Type.Optional(Type.String({ minLength: 1, maxLength: 22, pattern: recordText })),
  },
  { title: 'SimulateCorrection' },
)

export const WishedWire = Type.Object(
  { paymentId: Type.String(), transactionStatus: Type.String(), traceNumber: Type.String() },
  { title: 'SimulatedPayment' },
)

const codeFrom = (code: string, letter: 'R' | 'C'): string => {
  const upper = code.trim().toUpperCase()
  if (!new RegExp(`^${letter}\\d\\d$`).test(upper))
    throw invalid({ pointer: '/code', code: 'code', message: `must be ${letter} and two digits` })
  return upper
}

/** Refuses: invalid_request. */
export const returnFromWire = ({ code, addendaInformation }: Static<typeof ReturnBody>) => ({
  code: codeFrom(code, 'R'),
  ...(addendaInformation ? { addendaInformation } : {}),
})

/** With the code alone, the bank says what it knows. Refuses: invalid_request, when what the code needs is not said. */
export function correctionFromWire(
  body: Static<typeof CorrectBody>,
  direction: 'debit' | 'credit',
): { code: string; correctedData?: string } {
  const code = codeFrom(body.code, 'C')
  const { correctedData, accountNumber, routingNumber, name, individualId } = body
  if (correctedData !== undefined) return { code, correctedData }
  if (members.every((member) => body[member] === undefined)) return { code }
  const account = body.accountType?.toLowerCase()
  if (account !== undefined && account !== 'checking' && account !== 'savings')
    throw invalid({ pointer: '/accountType', code: 'enum', message: 'must be checking or savings' })
  const said = {
    ...(accountNumber === undefined ? {} : { accountNumber }),
    ...(routingNumber === undefined ? {} : { routingNumber }),
    ...(name === undefined ? {} : { individualName: name }),
    ...(individualId === undefined ? {} : { individualId }),
    ...(account === undefined ? {} : { transactionCode: transactionCode({ account, direction }) }),
  }
  try {
    return { code, correctedData: writeCorrection(code, said) }
  } catch (error) {
    if (!(error instanceof NachaError)) throw error
    const pointer = `/${memberOf[error.field] ?? error.field}`
    throw invalid({ pointer, code: 'layout', message: `does not fit ${code}: ${error.message}` })
  }
}

/** The records call some things otherwise. */
const memberOf: Readonly<Record<string, string>> = { individualName: 'name', transactionCode: 'accountType' }
