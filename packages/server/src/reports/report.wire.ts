import { type Static, Type } from 'typebox'
import { invalid } from '../http/errors.ts'
import { PageQuery } from '../http/wire.ts'
import { type MadeReport, type ReportKind, reportKinds } from './report.ts'

const wireKind = { transactions: 'TRANSACTIONS', payout: 'PAYOUT' } as const satisfies Record<ReportKind, string>
const kinds = Object.values(wireKind)

export const ReportWire = Type.Object(
  {
    id: Type.String(),
    kind: Type.Enum(kinds),
    name: Type.String({ description: 'Of the file.', examples: ['Corner Store_Transactions_2026-01-05.csv'] }),
    period: Type.Object(
      { from: Type.String({ examples: ['2026-01-05'] }), to: Type.String({ examples: ['2026-01-05'] }) },
      { description: 'Whole days in New York, the last one included.' },
    ),
    rows: Type.Integer({ description: 'Lines without the heading.' }),
    bytes: Type.Integer(),
    sha256: Type.String({ description: 'Of the content.' }),
    creationDate: Type.String(),
    deliveryDate: Type.Union([Type.String(), Type.Null()], {
      description: 'When it was put where your reports are delivered. Null: not yet.',
    }),
  },
  { title: 'Report' },
)

export const reportToWire = ({ id, kind, name, period, made, deliveredAt }: MadeReport): Static<typeof ReportWire> => ({
  ...{ id, kind: wireKind[kind], name },
  period: { from: period.firstDay, to: period.lastDay },
  ...{ rows: made.rows, bytes: made.bytes, sha256: made.sha256 },
  creationDate: made.at.toISOString(),
  deliveryDate: deliveredAt?.toISOString() ?? null,
})

export const ListReportsQuery = Type.Object({
  ...PageQuery,
  kind: Type.Optional(Type.String({ maxLength: 30, description: kinds.join(', ') })),
})

/** Null: of any kind. */
export function kindFromWire(text: string | undefined): ReportKind | null {
  if (!text) return null
  const kind = reportKinds.find((one) => wireKind[one] === text.toUpperCase())
  if (!kind) throw invalid({ pointer: '?kind', code: 'enum', message: `must be one of ${kinds.join(', ')}` })
  return kind
}

/** The file's name for a browser: as it is, and in plain letters for what does not read that. */
export const attachment = (name: string): string =>
  `attachment; filename="${name.replace(/[^\x20-\x7e]|["\\]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(
    name,
  ).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`
