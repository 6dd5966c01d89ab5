import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import './dialog.css'

type DialogProps = {
  open: boolean
  title: string
  children: ReactNode
  /** The buttons, the safest first: it takes the focus. */
  actions: ReactNode
  /** Escape, a press beside the dialog, or the browser's own way to close it. */
  onClose: () => void
}

/** The browser's own modal dialog: it keeps the focus inside, answers Escape and gives the focus back. */
export function Dialog({ open, title, children, actions, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()

  // Before the page's own effects: while a modal is open, nothing behind it can take the focus.
  useLayoutEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal()
    if (!open && dialog.current?.open) dialog.current.close()
  }, [open])

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own key and arrives as onClose
    <dialog
      ref={dialog}
      className="rl-dialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <h2 id={`${id}-title`}>{title}</h2>
      <p id={`${id}-text`}>{children}</p>
      <div className="rl-dialog-actions">{actions}</div>
    </dialog>
  )
}
