/** Amounts that mean something to the pretend outside world. It decides; this is what it publishes. */
export const magicAmounts = [
  {
    amounts: '101.NN',
    outcome: 'return',
    code: 'RNN',
    when: 'The banking day after settlement.',
    example: { amount: '101.01', code: 'R01' },
  },
  {
    amounts: '102.NN',
    outcome: 'correct',
    code: 'CNN',
    when: 'It settles, and a notification of change comes with it.',
    example: { amount: '102.05', code: 'C05' },
  },
  {
    amounts: '103.NN',
    outcome: 'return',
    code: 'RNN',
    when: 'The 59th calendar day after settlement.',
    example: { amount: '103.10', code: 'R10' },
  },
] as const
