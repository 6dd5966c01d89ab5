import { AccountEnding, Button, Money, RadioCard } from '@rialto/ui'
import { type FormEvent, useState } from 'react'
import { type Account, accountToOffer, headingOf } from '../flow.ts'
import { Actions, Heading } from '../shell.tsx'
import type { PageProps } from '../use-flow.ts'

export function Accounts({ view, flow }: PageProps) {
  const [chosenId, setChosenId] = useState(() => accountToOffer(view.accounts, view.chosenAccountId))
  const usable = view.accounts.filter((account) => account.eligible)
  const unusable = view.accounts.filter((account) => !account.eligible)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosenId) void flow.act('account', { accountId: chosenId })
  }

  const card = (account: Account) => (
    <RadioCard
      key={account.id}
      name="account"
      value={account.id}
      checked={account.id === chosenId}
      disabled={!account.eligible}
      onChoose={() => setChosenId(account.id)}
      title={account.name}
      detail={
        <>
          <AccountEnding lastFour={account.lastFour} />
          {!account.eligible && <> · {account.reason ?? 'Can’t be used for payments'}</>}
        </>
      }
      aside={
        account.eligible &&
        account.balance && (
          <>
            <span className="rl-only-heard">Balance </span>
            <Money {...account.balance} />
          </>
        )
      }
    />
  )

  return (
    <>
      <Heading
        lead={[view.bank?.name, view.signedInAs && `signed in as ${view.signedInAs}`].filter(Boolean).join(' · ')}
      >
        {headingOf(view)}
      </Heading>
      <form id="accounts" className="accounts" onSubmit={submit}>
        <fieldset>
          <legend className="rl-only-heard">Accounts</legend>
          {usable.map(card)}
          {unusable.map(card)}
        </fieldset>
      </form>
      <p className="fine fine-start">{view.merchant.name} sees only the account you choose.</p>
      <Actions>
        <Button type="submit" form="accounts" size="large" busy={flow.busy === 'account' ? 'Continuing…' : null}>
          Continue
        </Button>
        <Button
          look="quiet"
          busy={flow.busy === 'back' ? 'Going back…' : null}
          onClick={() => flow.act('back', { to: 'bank' })}
        >
          Choose another bank
        </Button>
      </Actions>
    </>
  )
}
