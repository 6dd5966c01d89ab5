import { type ChangeCode, type CorrectionField, changeCodes } from '../rails/ach/change-code.ts'
import { type DisputeCode, disputeCodes } from '../rails/ach/dispute-code.ts'
import { type ReturnCode, returnCode, returnCodes } from '../rails/ach/return-code.ts'

const senders: Readonly<Record<ReturnCode['sentBy'], string>> = {
  rdfi: "payer's bank",
  odfi: 'our bank',
  operator: 'operator',
  rdfi_or_operator: "payer's bank or operator",
  gateway: 'gateway',
  rdfi_or_gateway: "payer's bank or gateway",
  agency: 'federal agency',
}
const windows: Readonly<Record<ReturnCode['window'], string>> = {
  two_banking_days: '2 banking days',
  sixty_days: '60 days, then the banking day after',
  next_file: 'at once',
  on_refusal: '2 banking days from the refusal',
  agreement: 'as agreed',
  own_rules: 'rules of its own',
}
const again: Readonly<Record<ReturnCode['represent'], string>> = {
  twice: 'the same, twice in 180 days',
  after_fix: 'a new one, once it is mended',
  with_new_authorization: 'after a new authorization',
  never: 'no',
}
const fates: Readonly<Record<ReturnCode['account'], string>> = {
  keep: 'may pay again',
  freeze: 'frozen, its authorization is over',
  relink: 'must be connected again',
  close: 'never again',
}
const fields: Readonly<Record<CorrectionField, string>> = {
  accountNumber: 'account number',
  routingNumber: 'routing number',
  transactionCode: 'transaction code',
  name: 'name',
  individualId: 'individual id',
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
const looks = (one: Readonly<{ alarm: boolean }>): string => (one.alarm ? 'yes' : '')

/** Why banks send entries back, refuse that, and correct accounts, as the code handles it. */
export const returnCodesPage = (byHand: string): string =>
  [
    '# Return codes',
    '',
    byHand,
    '',
    'Read from public tables of banks and processors, which differ in places; the Nacha rule book, which your bank has,',
    'decides. A code that is not here is kept as it came: the money has come back, it is not asked for again, and a person',
    'should look at it.',
    '',
    ...returns(),
    ...disputes(),
    ...changes(),
  ].join('\n')

function returns(): string[] {
  const rate = (one: ReturnCode) => one.rate ?? ''
  return [
    '## Returns',
    '',
    'Time counts from settlement; [banking days](../concepts/banking-days.md) says how. Each return of a debit counts in the',
    'overall rate, and in the one named here besides. A debit whose account is not kept stops that account.',
    '',
    ...table(
      ['code', 'is', 'sent by', 'within', 'again?', 'rate', 'the account', 'a person should look'],
      returnCodes.map((one) => [
        ...[`\`${one.code}\``, one.title, senders[one.sentBy], windows[one.window], again[one.represent]],
        ...[rate(one), fates[one.account], looks(one)],
      ]),
    ),
    '',
    '## What is said of them',
    '',
    ...table(
      ['code', 'to the merchant', 'to the payer'],
      [...returnCodes, { ...returnCode('R00'), code: 'others' }].map((one) => [
        ...[`\`${one.code}\``, one.says, one.customerSays],
      ]),
    ),
    '',
  ]
}

function disputes(): string[] {
  const rows = (kind: DisputeCode['kind']) =>
    disputeCodes
      .filter((one) => one.kind === kind)
      .map((one) => [`\`${one.code}\``, one.title, one.answers ? `\`${one.answers}\`` : '', one.says])
  return [
    '## Dishonored returns',
    '',
    'Our bank sends a return back, within five banking days. Applied: the payment counts as never returned.',
    '',
    ...table(['code', 'is', 'answers', 'says'], rows('dishonor')),
    '',
    '## Contested dishonors',
    '',
    "The payer's bank insists, within two banking days. Applied: the return stands.",
    '',
    ...table(['code', 'is', 'answers', 'says'], rows('contest')),
    '',
  ]
}

function changes(): string[] {
  const rows = (kind: ChangeCode['kind'], more: (one: ChangeCode) => string[]) =>
    changeCodes.filter((one) => one.kind === kind).map((one) => [`\`${one.code}\``, one.title, ...more(one), one.says])
  return [
    '## Notifications of change',
    '',
    "The payer's bank corrects an account. What can be read is heeded at once; the rules give six banking days. What cannot,",
    'waits for a person.',
    '',
    ...table(
      ['code', 'is', 'corrects', 'a person should look', 'says'],
      rows('change', (one) => [one.corrects.map((field) => fields[field]).join(', '), looks(one)]),
    ),
    '',
    '## Refusals of a change',
    '',
    'Our bank may refuse a correction within fifteen days.',
    '',
    ...table(
      ['code', 'is', 'says'],
      rows('refusal', () => []),
    ),
    '',
  ]
}
