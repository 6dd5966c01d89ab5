import { CircleAlert } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId } from 'react'
import './text-field.css'

type TextFieldProps = ComponentProps<'input'> & {
  label: string
  /** Leaves the label to the ear, where the heading above says the same to the eye. */
  isLabelHidden?: boolean
  hint?: ReactNode
  problem?: string | null | undefined
  /** Tells two problems with the same words apart, so that the second is read out too. */
  problemKey?: string | number
  /** An icon before the words. */
  start?: ReactNode
  /** A button at the end of the field, such as "Show". */
  end?: ReactNode
}

export function TextField({
  label,
  isLabelHidden = false,
  hint,
  problem,
  problemKey,
  start,
  end,
  ...input
}: TextFieldProps) {
  const id = useId()
  const describedBy = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  return (
    <div className="rl-field" data-end={end ? '' : undefined}>
      <label htmlFor={id} className={isLabelHidden ? 'rl-only-heard' : undefined}>
        {label}
      </label>
      <div className="rl-field-box">
        {start && <span className="rl-field-start">{start}</span>}
        <input
          type="text"
          {...input}
          id={id}
          aria-invalid={problem ? true : undefined}
          aria-describedby={describedBy || undefined}
        />
        {end && <span className="rl-field-end">{end}</span>}
      </div>
      {hint && (
        <span className="rl-field-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {problem && (
        <span className="rl-field-problem" id={`${id}-problem`} role="alert" key={problemKey}>
          <CircleAlert size={16} aria-hidden="true" />
          {problem}
        </span>
      )}
    </div>
  )
}
