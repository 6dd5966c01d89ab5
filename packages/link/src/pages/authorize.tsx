import { AccountEnding, BankMark, Button, Card } from '@rialto/ui'
import { Download } from 'lucide-react'
import { type FlowView, headingOf } from '../flow.ts'
import { Actions, Heading } from '../shell.tsx'
import type { PageProps } from '../use-flow.ts'

export function Authorize({ view, flow }: PageProps) {
  const { authorization } = view
  return (
    <>
      <Heading
        lead={
          view.product === 'VERIFY'
            ? 'Check the account and read what you agree to. Nothing is charged today.'
            : `You approve each payment when you buy at ${view.merchant.name}. Nothing is charged today.`
        }
      >
        {headingOf(view)}
      </Heading>
      <ChosenAccount
        view={view}
        aside={
          <Button
            look="quiet"
            aria-label="Change account"
            busy={flow.busy === 'back' ? 'Changing…' : null}
            onClick={() => flow.act('back', { to: 'accounts' })}
          >
            Change
          </Button>
        }
      />
      {authorization && (
        <section className="authorization" aria-labelledby="authorization">
          <h2 id="authorization">Your authorization</h2>
          <div className="authorization-text">{authorization.text}</div>
          <CopyLink flowId={view.id} />
        </section>
      )}
      <Actions>
        <Button
          size="large"
          busy={flow.busy === 'authorize' ? 'Linking…' : null}
          onClick={() => authorization && flow.act('authorize', { authorizationTextHash: authorization.hash })}
        >
          Authorize and link
        </Button>
      </Actions>
    </>
  )
}

export function ChosenAccount({ view, aside }: { view: FlowView; aside?: React.ReactNode }) {
  const account = view.accounts.find(({ id }) => id === view.chosenAccountId)
  if (!account || !view.bank) return null
  return (
    <Card
      mark={<BankMark monogram={view.bank.monogram} color={view.bank.color} />}
      title={account.name}
      detail={
        <span className="account-at">
          {view.bank.name} <AccountEnding lastFour={account.lastFour} />
        </span>
      }
      aside={aside}
    />
  )
}

export function CopyLink({ flowId }: { flowId: string }) {
  return (
    <a className="copy-link" href={`/api/flows/${flowId}/authorization.txt`} download="authorization.txt">
      <Download size={16} aria-hidden="true" />
      Get a copy
    </a>
  )
}
