import { Button, Notice } from '@rialto/ui'
import { useLayoutEffect, useRef, useState } from 'react'
import { wearBrand } from './brand.ts'
import { headingOf, type Page } from './flow.ts'
import { Accounts } from './pages/accounts.tsx'
import { Authorize } from './pages/authorize.tsx'
import { BankSearchPage } from './pages/bank.tsx'
import { Consent } from './pages/consent.tsx'
import { Done } from './pages/done.tsx'
import { BankUnavailable, Expired, Failed, Left, NoEligibleAccount } from './pages/endings.tsx'
import { Unknown, Unreachable } from './pages/lost.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { LoadingShell, Shell } from './shell.tsx'
import { type PageProps, useFlow } from './use-flow.ts'

const pages: Record<Page, (props: PageProps) => React.ReactNode> = {
  consent: Consent,
  bank: BankSearchPage,
  'sign-in': SignInPage,
  accounts: Accounts,
  authorize: Authorize,
  done: Done,
  left: Left,
  expired: Expired,
  'bank-unavailable': BankUnavailable,
  'no-eligible-account': NoEligibleAccount,
  error: Failed,
}

/** The page that the server's row says, whatever the address asked for. */
export function FlowPage({ flowId }: { flowId: string }) {
  const flow = useFlow(flowId)
  switch (flow.state.kind) {
    case 'loading':
      return <LoadingShell />
    case 'unreachable':
      return <Unreachable onRetry={() => void flow.reload()} />
    case 'unknown':
      return <Unknown />
    case 'view':
      return <KnownFlow view={flow.state.view} flow={flow} />
  }
}

function KnownFlow({ view, flow }: PageProps) {
  const pageKey = `${view.page}/${view.signIn?.kind ?? ''}`
  const [firstKey] = useState(pageKey)
  const opened = useRef(pageKey)
  const heading = headingOf(view)
  const PageOfView = pages[view.page]

  useLayoutEffect(() => wearBrand(document.documentElement, view.merchant.color), [view.merchant.color])

  useLayoutEffect(() => {
    document.title = `${heading} · ${view.merchant.name}`
  }, [heading, view.merchant.name])

  // A new page is announced by its heading. The first one is not: the browser announces a page it has loaded itself.
  useLayoutEffect(() => {
    if (opened.current === pageKey) return
    opened.current = pageKey
    scrollTo(0, 0)
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
  }, [pageKey])

  return (
    <Shell
      view={view}
      pageKey={pageKey}
      hasMoved={pageKey !== firstKey}
      onLeave={() => flow.act('leave')}
      isLeaving={flow.busy === 'leave'}
    >
      {flow.trouble && (
        <Notice tone="bad" role="alert">
          {flow.trouble.message}
          {flow.trouble.retry && (
            <div>
              <Button look="outline" onClick={flow.trouble.retry}>
                Try again
              </Button>
            </div>
          )}
        </Notice>
      )}
      <PageOfView view={view} flow={flow} />
    </Shell>
  )
}
