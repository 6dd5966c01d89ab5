import type { ReactNode } from 'react'
import './badge.css'

/** A word of status. The tone repeats what the word says, and never says it alone. */
export function Badge({
  tone = 'neutral',
  children,
}: {
  tone?: 'neutral' | 'ok' | 'warn' | 'bad' | 'info'
  children: ReactNode
}) {
  return (
    <span className="rl-badge" data-tone={tone}>
      {children}
    </span>
  )
}
