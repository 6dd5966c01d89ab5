import { entryLayouts } from './entry.layouts.ts'
import type { Layout } from './layout.ts'

/** Which of the layouts of records 6 a batch's entries have. */
export type EntryForm = 'standard' | 'nameFirst' | 'counted' | 'iat' | 'adv'

const forms: Readonly<Record<string, EntryForm>> = {
  ...{ CIE: 'nameFirst', MTE: 'nameFirst', CTX: 'counted', ATX: 'counted', ENR: 'counted', TRX: 'counted' },
  ...{ IAT: 'iat', ADV: 'adv' },
}

/** By SEC code; codes nobody has heard of have PPD's layout. */
export const entryFormOf = (secCode: string): EntryForm => forms[secCode] ?? 'standard'

export const entryLayoutOf: Readonly<Record<EntryForm, Layout>> = {
  standard: entryLayouts.entryDetail,
  nameFirst: entryLayouts.entryDetailNameFirst,
  counted: entryLayouts.entryDetailCounted,
  iat: entryLayouts.entryDetailIat,
  adv: entryLayouts.entryDetailAdv,
}

/** The standard entry class codes there are. */
export const secCodes: ReadonlySet<string> = new Set(
  'ACK ADV ARC ATX BOC CCD CIE COR CTX DNE ENR IAT MTE POP POS PPD RCK SHR TEL TRC TRX WEB XCK'.split(' '),
)
