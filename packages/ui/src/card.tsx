import type { ReactNode } from 'react'
import './card.css'

type CardProps = {
  /** A mark before the words. */
  mark?: ReactNode
  title: ReactNode
  detail?: ReactNode
  /** What stands at the end: an amount, or something to press. */
  aside?: ReactNode
}

function Words({ title, detail }: Pick<CardProps, 'title' | 'detail'>) {
  return (
    <span className="rl-card-words">
      <span className="rl-card-title">{title}</span>
      {detail && <span className="rl-card-detail">{detail}</span>}
    </span>
  )
}

export function Card({ mark, title, detail, aside }: CardProps) {
  return (
    <div className="rl-card">
      {mark}
      <Words title={title} detail={detail} />
      {aside && <span className="rl-card-aside">{aside}</span>}
    </div>
  )
}

type RadioCardProps = Omit<CardProps, 'mark'> & {
  name: string
  value: string
  checked: boolean
  disabled?: boolean
  onChoose?: () => void
}

/** A real radio button, drawn as a card: the arrow keys, the form and the screen reader know it already. */
export function RadioCard({ name, value, checked, disabled = false, onChoose, title, detail, aside }: RadioCardProps) {
  return (
    <label className="rl-radio-card">
      <input type="radio" name={name} value={value} checked={checked} disabled={disabled} onChange={onChoose} />
      <Words title={title} detail={detail} />
      {aside && <span className="rl-card-aside">{aside}</span>}
    </label>
  )
}
