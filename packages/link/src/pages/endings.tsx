import { Button, ButtonLink } from '@rialto/ui'
import { CircleAlert, Clock, CreditCard, type LucideIcon, Undo2, Unplug } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { isSafeToGo } from '../addresses.ts'
import { type FlowView, headingOf } from '../flow.ts'
import { Actions, Heading } from '../shell.tsx'
import type { PageProps } from '../use-flow.ts'

type EndingProps = {
  Icon: LucideIcon
  tone?: 'ok' | 'warn' | 'bad' | 'neutral'
  heading: string
  children: ReactNode
}

export function Ending({ Icon, tone = 'neutral', heading, children }: EndingProps) {
  return (
    <div className="ending">
      <span className="ending-icon" data-tone={tone}>
        <Icon size={28} aria-hidden="true" />
      </span>
      <Heading lead={children}>{heading}</Heading>
    </div>
  )
}

const pauseMs = 1600

/**
 * Brings the customer back after a moment, once. Touching the page or using the keyboard stops it: somebody is reading.
 * So does arriving here with the browser's Back, which would otherwise be a trap.
 */
export function useReturn(returnTo: string | null): boolean {
  const [isReturning, setIsReturning] = useState(() => {
    const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    return returnTo !== null && isSafeToGo(returnTo) && visit?.type !== 'back_forward'
  })
  useEffect(() => {
    if (!isReturning || returnTo === null) return
    const timer = setTimeout(() => location.assign(returnTo), pauseMs)
    const stay = () => setIsReturning(false)
    addEventListener('pointerdown', stay)
    addEventListener('keydown', stay)
    return () => {
      clearTimeout(timer)
      removeEventListener('pointerdown', stay)
      removeEventListener('keydown', stay)
    }
  }, [isReturning, returnTo])
  return isReturning
}

export function ReturnNote({ isReturning, name }: { isReturning: boolean; name: string }) {
  return (
    <p className="waiting" role="status">
      {isReturning && `Taking you back to ${name}…`}
    </p>
  )
}

export function ReturnLink({ view: { returnTo, merchant } }: { view: FlowView }) {
  if (returnTo === null || !isSafeToGo(returnTo)) return <p className="fine">You can close this page.</p>
  return (
    <ButtonLink size="large" href={returnTo}>
      Back to {merchant.name}
    </ButtonLink>
  )
}

function Support({ merchant: { name, supportUrl } }: { merchant: FlowView['merchant'] }) {
  if (!supportUrl || !isSafeToGo(supportUrl)) return null
  return (
    <p className="fine">
      Need help? <a href={supportUrl}>Contact {name}</a>
    </p>
  )
}

export function Left({ view }: PageProps) {
  const isReturning = useReturn(view.returnTo)
  return (
    <>
      <Ending Icon={Undo2} heading={headingOf(view)}>
        Nothing was linked and nothing was charged. You can start again from {view.merchant.name} whenever you like.
      </Ending>
      <Actions>
        <ReturnNote isReturning={isReturning} name={view.merchant.name} />
        <ReturnLink view={view} />
      </Actions>
    </>
  )
}

export function Expired({ view }: PageProps) {
  return (
    <>
      <Ending Icon={Clock} tone="warn" heading={headingOf(view)}>
        To keep your account safe, linking has to be finished in one go. Nothing was linked. Start again from{' '}
        {view.merchant.name}.
      </Ending>
      <Actions>
        <ReturnLink view={view} />
      </Actions>
    </>
  )
}

export function Failed({ view }: PageProps) {
  return (
    <>
      <Ending Icon={CircleAlert} tone="bad" heading={headingOf(view)}>
        The mistake is on our side. Nothing was linked and nothing was charged. Please start again from{' '}
        {view.merchant.name}.
      </Ending>
      <Actions>
        <ReturnLink view={view} />
        <Support merchant={view.merchant} />
      </Actions>
    </>
  )
}

export function BankUnavailable({ view, flow }: PageProps) {
  const { bank } = view
  return (
    <>
      <Ending Icon={Unplug} tone="warn" heading={headingOf(view)}>
        The bank is not answering right now. Nothing was linked. Try again in a few minutes, or use another bank.
      </Ending>
      <Actions>
        {bank && (
          <Button
            size="large"
            busy={flow.busy === 'bank' ? 'Trying again…' : null}
            onClick={() => flow.act('bank', { bankId: bank.id })}
          >
            Try again
          </Button>
        )}
        <AnotherBank flow={flow} isPrimary={!bank} />
        <Leave flow={flow} />
        <Support merchant={view.merchant} />
      </Actions>
    </>
  )
}

export function NoEligibleAccount({ view, flow }: PageProps) {
  return (
    <>
      <Ending Icon={CreditCard} tone="warn" heading={headingOf(view)}>
        {view.bank?.name ?? 'Your bank'} shared no checking or savings account that can be used for payments. Cards and
        loans can’t be used. Nothing was linked.
      </Ending>
      <Actions>
        <AnotherBank flow={flow} isPrimary />
        <Leave flow={flow} />
        <Support merchant={view.merchant} />
      </Actions>
    </>
  )
}

function AnotherBank({ flow, isPrimary }: { flow: PageProps['flow']; isPrimary: boolean }) {
  return (
    <Button
      look={isPrimary ? 'primary' : 'outline'}
      size="large"
      busy={flow.busy === 'back' ? 'Going back…' : null}
      onClick={() => flow.act('back', { to: 'bank' })}
    >
      Choose another bank
    </Button>
  )
}

function Leave({ flow }: { flow: PageProps['flow'] }) {
  return (
    <Button look="quiet" busy={flow.busy === 'leave' ? 'Leaving…' : null} onClick={() => flow.act('leave')}>
      Leave without linking
    </Button>
  )
}
