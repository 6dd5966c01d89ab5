/** What an FDX error asks us to do. */
type Meaning =
  | 'unauthorized'
  | 'relink'
  | 'account_unusable'
  /** There is none of what was asked for. */
  | 'nothing'
  /** Worth another try in a moment. */
  | 'again'
  | 'bank_unavailable'
  /** We asked for something wrong, or the settings of this bank are. An operator must look. */
  | 'our_mistake'

type Row = readonly [Meaning, why: string]

/** HTTP status and FDX code together. A gateway has no code, so a status alone rarely condemns a link. */
const byCode: Readonly<Record<string, Row>> = {
  '401 603': ['unauthorized', 'the bank does not take the access token'],
  '403 602': ['relink', 'the consent has ended or does not cover this'],
  '403 706': ['account_unusable', 'the account is locked at the bank'],
  '404 601': ['relink', 'the bank no longer knows the customer'],
  '404 701': ['account_unusable', 'the bank no longer knows the account'],
  '404 1107': ['nothing', 'the bank has no such data'],
  '409 705': ['account_unusable', 'the account is closed'],
  '422 704': ['account_unusable', 'the bank does not offer this for the kind of account'],
}

const byStatus: Readonly<Record<number, Row>> = {
  400: ['our_mistake', 'the bank finds the request invalid'],
  401: ['unauthorized', 'the bank does not take the access token'],
  405: ['our_mistake', 'the bank does not know the method'],
  429: ['again', 'the bank asks for patience'],
  500: ['again', 'the bank failed'],
  501: ['our_mistake', 'the bank does not speak this version of FDX'],
  502: ['again', 'the bank failed behind its gateway'],
  503: ['again', 'the bank is down for maintenance'],
  504: ['again', 'the bank failed behind its gateway'],
}

/** `code` is a text by the standard and a number at some banks. */
export function meaningOf(status: number, code: unknown): { meaning: Meaning; why: string } {
  const isCode = typeof code === 'string' || typeof code === 'number'
  const row = isCode ? byCode[`${status} ${code}`] : undefined
  const [meaning, why] = row ?? byStatus[status] ?? ['bank_unavailable', 'the bank answered in no way we know']
  return { meaning, why }
}
