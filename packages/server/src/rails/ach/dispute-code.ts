/** Our bank sends a return back (`dishonor`), or the payer's bank insists on it (`contest`). */
export type DisputeCode = Readonly<{
  code: string
  title: string
  /** Plain words for an operator. */
  says: string
  kind: 'dishonor' | 'contest'
  sentBy: 'odfi' | 'rdfi'
  /** What a contest answers in particular. */
  answers: string | null
}>

const dishonor = (code: string, title: string, says: string): DisputeCode => ({
  code,
  title,
  says,
  kind: 'dishonor',
  sentBy: 'odfi',
  answers: null,
})
const contest = (code: string, title: string, answers: string | null, says: string): DisputeCode => ({
  code,
  title,
  says,
  kind: 'contest',
  sentBy: 'rdfi',
  answers,
})

/** Dishonors go out within five banking days of the return's settlement, contests within two of the dishonor's. */
export const disputeCodes: readonly DisputeCode[] = [
  dishonor('R61', 'Misrouted return', 'The return was meant for another bank.'),
  dishonor(
    'R62',
    'Wrong or reversing debit',
    'A reversal of ours was returned, and the receiver kept what was paid by mistake.',
  ),
  dishonor('R67', 'Duplicate return', 'The same entry had come back before.'),
  dishonor('R68', 'Late return', 'The return came after the time that the rules allow for its reason.'),
  dishonor(
    'R69',
    'Wrong fields',
    'The return does not describe our entry: trace number, amount, account or another field differs.',
  ),
  dishonor(
    'R70',
    'Return not agreed',
    'The bank says that we asked for the return or allowed it (R06, R31), and we did not.',
  ),
  contest('R71', 'Misrouted dishonor', null, 'The dishonor was meant for another bank.'),
  contest('R72', 'Late dishonor', null, 'The dishonor came later than five banking days after the return.'),
  contest('R73', 'Return was in time', 'R68', "The payer's bank says that it returned in time. The return stands."),
  contest(
    'R74',
    'Corrected return',
    'R69',
    "The payer's bank sends the return again with its fields right. The return stands.",
  ),
  contest(
    'R75',
    'Return was no duplicate',
    'R67',
    "The payer's bank says that it returned another entry. The return stands.",
  ),
  contest('R76', 'No errors found', 'R69', "The payer's bank finds nothing wrong in its return. The return stands."),
  contest(
    'R77',
    'Dishonor not accepted',
    'R62',
    "The payer's bank cannot give back what the receiver was paid by mistake.",
  ),
]

/** What a dishonor or contest means. Undefined: no code of theirs. */
export const disputeCode = (code: string): DisputeCode | undefined => disputeCodes.find((one) => one.code === code)
