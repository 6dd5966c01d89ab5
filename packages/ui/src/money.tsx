import { type Currency, formatMoney } from './money.ts'

export function Money({ value, currency }: { value: number; currency: Currency }) {
  return <span className="rl-number">{formatMoney({ value, currency })}</span>
}

/** The last four digits of an account: dots for the eye, words for the ear. */
export function AccountEnding({ lastFour }: { lastFour: string }) {
  return (
    <span className="rl-number">
      <span aria-hidden="true">•••• {lastFour}</span>
      <span className="rl-only-heard">ending in {lastFour}</span>
    </span>
  )
}
