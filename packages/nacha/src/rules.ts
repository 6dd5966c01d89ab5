/**
 * Every rule a finding may name, and what it demands. The first group is judged whenever a file is read, the second
 * only when it is validated. docs/reference/nacha.md is printed from these tables.
 */
export const readingRules = {
  'empty-file': 'A file holds records.',
  'byte-order-mark': 'A file begins with its first record, not with a byte order mark.',
  'trailing-bytes': 'Nothing follows the last record: no end-of-file mark (Ctrl-Z), no zero bytes.',
  'line-ends': 'Records end with LF, or all with CRLF.',
  'blank-line': 'There are no empty lines.',
  'line-length': 'A record is 94 columns wide.',
  'not-ascii': 'A record is printable ASCII.',
  'unknown-record': 'A record begins with 1, 5, 6, 7, 8 or 9.',
  'record-order': 'After the file header come batches, then the file control, then nothing but padding.',
  'missing-file-header': 'A file begins with a file header.',
  'missing-file-control': 'A file ends with a file control.',
  'missing-batch-header': 'Entries stand below a batch header.',
  'missing-batch-control': 'A batch ends with a batch control.',
  'repeated-batch': 'Each batch has its own header.',
  'control-outside-batch': 'A batch control ends a batch.',
  'stray-addenda': 'Addenda follow an entry, at most 9,999 of them.',
  'second-file': 'There is one file in a file.',
  blocking:
    'The number of records is a multiple of ten; as many records of nines are added as that takes, and no more.',
  'fixed-text': 'Columns whose text the format fixes hold it: record size 094, blocking factor 10 and such.',
  'not-blank': 'Reserved columns are blank.',
  'not-digits': 'Columns of digits hold digits.',
  'not-zero-filled': 'Numbers are filled with zeros, not with blanks.',
  'no-such-day': 'Days and times exist.',
  'transaction-code': 'The transaction code is one of the table.',
  'control-count': 'A control counts the entry and addenda records.',
  'control-hash': "A control's entry hash is the sum of the receiving banks' eight digits, its lowest ten.",
  'control-debits':
    "A control's debits are the sum of the debit entries; returns count on the side of what they return.",
  'control-credits':
    "A control's credits are the sum of the credit entries; returns count on the side of what they return.",
  'control-identity':
    'Service class, company identification, ODFI and number of a batch control are those of its header.',
  'control-batches': 'The file control counts the batches.',
  'control-blocks': 'The file control counts the blocks of ten records, padding included.',
  'addenda-indicator': 'The addenda indicator is 1 when addenda follow, otherwise 0.',
  'addenda-count': 'The number of addenda that an entry announces follows it.',
  'addenda-sequence': 'Payment addenda are numbered from 1 within their entry.',
  'addenda-trace': 'Addenda end with the trace number of their entry, payment addenda with its last seven digits.',
} as const satisfies Readonly<Record<string, string>>

export const validatingRules = {
  'text-convention': "Text is upper case: letters, digits, blanks and . / ( ) & ' - # * , :",
  'missing-value': 'What the format requires is not blank: company name, identification and description, and such.',
  alignment: 'Text begins in the first of its columns.',
  destination: 'The immediate destination is a blank and a routing number, or ten characters.',
  'file-id-modifier': 'The file id modifier is A to Z or 0 to 9.',
  'no-batches': 'A file holds batches.',
  'empty-batch': 'A batch holds entries.',
  'not-judged': 'IAT and ADV are not judged here, so they do not leave.',
  'sec-code': 'The standard entry class code is one that exists.',
  'service-class': 'The service class is 200, 220 or 225, and 220 has no debits, 225 no credits.',
  'originator-status': 'The originator status code is 1, or 2 of a government agency.',
  odfi: 'The ODFI is the beginning of a routing number.',
  'batch-order': 'Batch numbers ascend within the file.',
  'entry-description':
    'REVERSAL, RETRY PYMT, PURCHASE, PAYROLL, ACCTVERIFY and RETURN FEE are written so: upper case, left-aligned, nothing else.',
  'effective-date': 'The effective entry date is no Saturday and no Sunday.',
  'settlement-day': 'The settlement day is left to the operator.',
  'routing-number': "The receiving bank's nine digits are a routing number: prefix and check digit are right.",
  'return-code': 'Transaction codes of returns and notifications of change are not for files we originate.',
  amount: 'The amount is zero for prenotes, zero-dollar entries and COR, and above zero for all others.',
  'loan-debit': 'A debit of a loan account (55) only reverses a credit.',
  'web-credit':
    'WEB is for debits; credits only between persons, to reverse a debit, or the one that balances a batch.',
  'payment-type': 'WEB and TEL say S or R (single, recurring) in the first of columns 77-78.',
  'trace-number': 'A trace number begins with the ODFI of its batch.',
  'trace-order': 'Trace numbers ascend within the batch.',
  'addenda-kind':
    'WEB, PPD and CCD may carry addenda 05; returns carry 99, notifications of change 98, and only they do.',
  'corrected-data': 'Corrected data stand in the columns their change code says.',
  'many-addenda': 'WEB, PPD and CCD carry one addenda record at most, a return or a notification of change one.',
  'micro-entries': 'Micro-entries (ACCTVERIFY) are below 1.00 each, and their debits no more than their credits.',
  balanced: 'Debits equal credits in each batch, where the bank wants balanced files.',
} as const satisfies Readonly<Record<string, string>>

export const rules = { ...readingRules, ...validatingRules } as const
export type Rule = keyof typeof rules
