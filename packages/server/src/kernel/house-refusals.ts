type Severity = 'ERROR' | 'WARNING'
export type RefusalRow = readonly [
  status: number,
  errorCode: string,
  errorId: number,
  message: string,
  remedy: string,
  Severity?,
]

/** What is refused about merchants, the books, files, payouts and reports: mostly to operators. See refusal.ts. */
export const houseRefusals = {
  merchant_not_found: [
    404,
    'NOT_FOUND',
    10050,
    'There is no such merchant.',
    'List merchants with rialto merchant list.',
  ],
  too_many_secrets: [400, 'TOO_MANY_SECRETS', 10051, 'Two secrets are live already.', 'Retire the older one first.'],
  client_not_found: [
    404,
    'NOT_FOUND',
    10052,
    'There is no such API client.',
    'List clients with rialto merchant list.',
  ],

  client_signs: [
    400,
    'CLIENT_SIGNS',
    10060,
    'This API client signs assertions; it has no secret.',
    'Add another client, without keys, if you need a secret.',
  ],
  secret_not_found: [
    404,
    'NOT_FOUND',
    10061,
    'The client has no such live secret.',
    'List clients and the ids of their secrets with rialto merchant list.',
  ],
  redirect_not_listed: [
    404,
    'NOT_FOUND',
    10062,
    "The address is not on the merchant's list.",
    'List the addresses with rialto merchant redirect list.',
  ],
  too_many_clients: [
    400,
    'TOO_MANY_CLIENTS',
    10063,
    'The merchant has fifty API clients.',
    'Use the clients there are; a disabled one can be enabled again.',
  ],
  too_many_redirects: [
    400,
    'TOO_MANY_REDIRECTS',
    10064,
    'The list has a hundred addresses.',
    'Remove the ones no longer used.',
  ],

  insufficient_balance: [
    400,
    'INSUFFICIENT_BALANCE',
    10070,
    'The balance does not cover this amount.',
    'Send a smaller amount, or wait until payments have settled and their money is released.',
  ],
  book_account_not_found: [
    404,
    'NOT_FOUND',
    10071,
    'The books have no such account.',
    'List accounts with rialto books balances.',
  ],
  journal_not_found: [
    404,
    'NOT_FOUND',
    10072,
    'The books have no such journal.',
    'Find the ids of journals with rialto books account.',
  ],

  file_not_found: [404, 'NOT_FOUND', 10080, 'There is no such ACH file.', 'List the files with rialto ach files.'],
  file_not_movable: [
    400,
    'INVALID_STATE',
    10081,
    'The ACH file cannot do that from its present state.',
    'Look at the file with rialto ach file.',
  ],
  exception_not_found: [
    404,
    'NOT_FOUND',
    10082,
    'There is no such exception.',
    'List those that wait with rialto ach exceptions.',
  ],
  exception_resolved: [
    400,
    'INVALID_STATE',
    10083,
    'The exception has been resolved already.',
    'Look at it with rialto ach exception.',
  ],
  exception_needs_money: [
    400,
    'INVALID_STATE',
    10084,
    'Money of this exception is in suspense; a note alone does not resolve it.',
    'Resolve it as settled_back when the bank has put it right, or as written_off.',
  ],
  job_not_found: [404, 'NOT_FOUND', 10085, 'There is no such job: it may be done.', 'List them with rialto jobs.'],
  job_running: [409, 'INVALID_STATE', 10086, 'A worker is at this job.', 'Wait until it is done or has failed.'],
  alert_not_found: [404, 'NOT_FOUND', 10087, 'There is no such alert.', 'List them with rialto alerts.'],

  payout_not_found: [404, 'NOT_FOUND', 10090, 'There is no such payout.', 'Check the id; ids belong to one merchant.'],
  payout_not_movable: [
    400,
    'INVALID_STATE',
    10091,
    'The payout cannot do that from its present state.',
    'Read the payout to see its state.',
  ],

  report_not_found: [404, 'NOT_FOUND', 10100, 'There is no such report.', 'Check the id; list reports to see them.'],
  report_period_not_over: [
    400,
    'REPORT_PERIOD_NOT_OVER',
    10101,
    'The period of the report is not over yet.',
    'Wait until ten minutes after midnight in New York.',
  ],
  debits_not_held: [
    400,
    'INVALID_STATE',
    10102,
    "The platform does not hold this merchant's debits.",
    'Look at them with rialto risk return-rates --merchant.',
  ],
} as const satisfies Record<string, RefusalRow>
