import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import './notice.css'

const icons = { info: Info, warn: TriangleAlert, bad: CircleAlert }

type NoticeProps = {
  tone?: 'info' | 'warn' | 'bad'
  /** `alert` is read out at once, `status` when there is a pause; without it the notice is read where it stands. */
  role?: 'alert' | 'status'
  id?: string
  children: ReactNode
}

export function Notice({ tone = 'info', children, ...rest }: NoticeProps) {
  const Icon = icons[tone]
  return (
    <div className="rl-notice" data-tone={tone} {...rest}>
      <Icon size={20} aria-hidden="true" />
      <div>{children}</div>
    </div>
  )
}
