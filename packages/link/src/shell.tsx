import { Badge, BankMark, Button, Dialog, Logo, Skeleton } from '@rialto/ui'
import { X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { canLeave, type FlowView, stepNumber, steps } from './flow.ts'

type FrameProps = { header: ReactNode; progress?: ReactNode; children: ReactNode; footer?: string | undefined }

/** The panel on the stone, and the quiet line below it. Every page stands in it, also those that know no flow. */
export function Frame({ header, progress, children, footer }: FrameProps) {
  return (
    <div className="frame">
      <div className="panel">
        <header>
          <div className="head">{header}</div>
          {progress}
        </header>
        <main className="main">{children}</main>
      </div>
      <footer className="secured">
        <Logo size={18} />
        <span>Secured by Rialto{footer && ` · ${footer}`}</span>
      </footer>
    </div>
  )
}

type ShellProps = {
  view: FlowView
  pageKey: string
  /** Is this another page than the one that was loaded? Then it comes in; the first is there at once. */
  hasMoved: boolean
  onLeave: () => Promise<void>
  isLeaving: boolean
  children: ReactNode
}

export function Shell({ view, pageKey, hasMoved, onLeave, isLeaving, children }: ShellProps) {
  const [asksToLeave, setAsksToLeave] = useState(false)
  const step = stepNumber(view.page)
  // Closed however it went: a problem is told on the page, which a dialog would cover.
  const leave = async () => {
    await onLeave()
    setAsksToLeave(false)
  }
  const { name } = view.merchant
  return (
    <Frame
      header={
        <>
          <Merchant merchant={view.merchant} />
          {view.environment === 'sandbox' && <Badge tone="warn">Sandbox</Badge>}
          {canLeave(view.page) && (
            <button type="button" className="head-leave" aria-label="Leave" onClick={() => setAsksToLeave(true)}>
              <X size={22} aria-hidden="true" />
            </button>
          )}
        </>
      }
      progress={<Progress step={view.page === 'done' ? steps.length + 1 : step} />}
      footer={view.environment === 'sandbox' ? 'No real money moves' : undefined}
    >
      <div className="page" key={pageKey} data-moved={hasMoved}>
        {children}
      </div>
      <Dialog
        open={asksToLeave && canLeave(view.page)}
        title="Leave without linking?"
        onClose={() => setAsksToLeave(false)}
        actions={
          <>
            <Button size="large" onClick={() => setAsksToLeave(false)}>
              Keep going
            </Button>
            <Button look="quiet" busy={isLeaving ? 'Leaving…' : null} onClick={leave}>
              Leave
            </Button>
          </>
        }
      >
        Nothing has been linked yet and nothing is charged. You can start again from {name} whenever you like.
      </Dialog>
    </Frame>
  )
}

function Merchant({ merchant }: { merchant: FlowView['merchant'] }) {
  const [isLogoBroken, setIsLogoBroken] = useState(false)
  return (
    <span className="head-who">
      {merchant.logoUrl && !isLogoBroken ? (
        <img src={merchant.logoUrl} alt="" width={32} height={32} onError={() => setIsLogoBroken(true)} />
      ) : (
        <BankMark monogram={merchant.name.slice(0, 1)} color={merchant.color ?? '#24324a'} size="small" />
      )}
      <span className="head-name">{merchant.name}</span>
    </span>
  )
}

/** The line for the eye; the words for the ear hang on the heading, which is what is read when a page opens. */
function Progress({ step }: { step: number | null }) {
  if (step === null) return null
  const share = Math.min(step / steps.length, 1)
  return (
    <>
      <div className="progress" aria-hidden="true">
        <div style={{ transform: `scaleX(${share})` }} />
      </div>
      {step <= steps.length && (
        <p id="step" className="rl-only-heard">
          Step {step} of {steps.length}
        </p>
      )}
    </>
  )
}

/** What every page starts with. It takes the focus when the page opens. */
export function Heading({ children, lead }: { children: ReactNode; lead?: ReactNode }) {
  return (
    <div className="heading">
      <h1 tabIndex={-1} aria-describedby="step">
        {children}
      </h1>
      {lead && <p>{lead}</p>}
    </div>
  )
}

/** The end of a page: one primary action, and at most two quiet ones. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="actions">{children}</div>
}

export function LoadingShell() {
  return (
    <Frame header={<Skeleton shape="short" />} progress={<div className="progress" />}>
      <p className="rl-only-heard" role="status">
        Loading…
      </p>
      <div className="page page-loading">
        <Skeleton />
        <Skeleton shape="short" />
        <Skeleton />
      </div>
    </Frame>
  )
}
