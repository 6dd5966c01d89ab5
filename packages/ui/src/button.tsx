import type { ComponentProps, MouseEvent } from 'react'
import './button.css'
import { Spinner } from './waiting.tsx'

type Look = { look?: 'primary' | 'outline' | 'quiet'; size?: 'medium' | 'large' }

type ButtonProps = ComponentProps<'button'> &
  Look & {
    /** What it is doing, such as "Signing in…". While set, the button says so, keeps the focus and ignores presses. */
    busy?: string | null | undefined
  }

export function Button({ look = 'primary', size = 'medium', busy, children, onClick, ...rest }: ButtonProps) {
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (busy) event.preventDefault()
    else onClick?.(event)
  }
  return (
    <button
      type="button"
      {...rest}
      className="rl-button"
      data-look={look}
      data-size={size}
      aria-disabled={busy ? true : undefined}
      onClick={press}
    >
      {busy ? (
        <>
          <Spinner />
          {busy}
        </>
      ) : (
        children
      )}
    </button>
  )
}

/** A link that looks like a button: for going somewhere, where a button is for doing something. */
export function ButtonLink({ look = 'primary', size = 'medium', ...rest }: ComponentProps<'a'> & Look) {
  return <a {...rest} className="rl-button" data-look={look} data-size={size} />
}
