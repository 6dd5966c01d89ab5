import './bank-mark.css'
import { isColour, readableOn } from './colour.ts'

type BankMarkProps = { monogram: string; color: string | null; size?: 'small' | 'medium' | 'large' }

/** A bank's or a merchant's initials in its colour. Decoration: the name always stands beside it. */
export function BankMark({ monogram, color, size = 'medium' }: BankMarkProps) {
  const style = color && isColour(color) ? { backgroundColor: color, color: readableOn(color) } : undefined
  return (
    <span className="rl-bank-mark" data-size={size} style={style} aria-hidden="true">
      {monogram.slice(0, 2)}
    </span>
  )
}
