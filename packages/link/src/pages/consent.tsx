import { Button } from '@rialto/ui'
import { Landmark, ShieldCheck, Unlink } from 'lucide-react'
import { headingOf } from '../flow.ts'
import { Actions, Heading } from '../shell.tsx'
import type { PageProps } from '../use-flow.ts'

export function Consent({ view, flow }: PageProps) {
  const { name } = view.merchant
  const points = [
    {
      Icon: Landmark,
      title: 'Sign in to your bank',
      text: `On your bank’s own page, or here if your bank signs in that way. ${name} never sees your password.`,
    },
    {
      Icon: ShieldCheck,
      title: 'Choose what you share',
      text: 'We read your name, your balances and the number of the account you choose. We never read your transactions.',
    },
    { Icon: Unlink, title: 'Stay in control', text: `Unlink whenever you like, at ${name} or at your bank.` },
  ]
  return (
    <>
      <Heading
        lead={
          view.product === 'VERIFY'
            ? `${name} asks you to confirm an account of yours. It takes about a minute.`
            : `Link your account to ${name} once, then pay without a card. It takes about a minute.`
        }
      >
        {headingOf(view)}
      </Heading>
      <ul className="points">
        {points.map(({ Icon, title, text }) => (
          <li key={title}>
            <span className="points-icon">
              <Icon size={20} aria-hidden="true" />
            </span>
            <span>
              <b>{title}</b>
              <span>{text}</span>
            </span>
          </li>
        ))}
      </ul>
      <Actions>
        <Button size="large" busy={flow.busy === 'consent' ? 'Continuing…' : null} onClick={() => flow.act('consent')}>
          Continue
        </Button>
        <p className="fine">
          By continuing you agree to the <NewTab href="/terms">terms</NewTab> and{' '}
          <NewTab href="/privacy">privacy notice</NewTab>.
        </p>
      </Actions>
    </>
  )
}

function NewTab({ href, children }: { href: string; children: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
      <span className="rl-only-heard"> (opens in a new tab)</span>
    </a>
  )
}
