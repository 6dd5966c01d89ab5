/** What can be made to go wrong between the platform and its bank. docs/guides/sandbox-banks.md uses these names. */
export const fedFaultKinds = {
  lose_acknowledgment: 'The next acknowledgment is never left in the drop.',
  deliver_twice: 'The next report file (of a kind, if report says so) is left a second time under another name.',
  repeat_returns: 'The next return entry appears once more in a later file, with another trace number of its own.',
  untimely_return: 'The next return that is due in two banking days comes five banking days late.',
  refuse_file: 'The next file is rejected, however good it is.',
  bank_down: 'The bank neither reads the drop nor writes to it until the fault is deleted.',
} as const
export type FedFaultKind = keyof typeof fedFaultKinds
export const fedFaultNames = Object.keys(fedFaultKinds) as FedFaultKind[]

export const reportKinds = ['acknowledgment', 'settlement', 'returns'] as const
export type ReportKind = (typeof reportKinds)[number]

export type FedFault = Readonly<{
  id: string
  createdAt: Date
  kind: FedFaultKind
  /** Only for deliver_twice; absent for whatever comes next. */
  report: ReportKind | null
  timesLeft: number | null
}>
