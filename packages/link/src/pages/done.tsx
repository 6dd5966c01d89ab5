import { Check } from 'lucide-react'
import { headingOf } from '../flow.ts'
import { Actions } from '../shell.tsx'
import type { PageProps } from '../use-flow.ts'
import { ChosenAccount, CopyLink } from './authorize.tsx'
import { Ending, ReturnLink, ReturnNote, useReturn } from './endings.tsx'

export function Done({ view }: PageProps) {
  const { name } = view.merchant
  const isReturning = useReturn(view.returnTo)
  return (
    <>
      <Ending Icon={Check} tone="ok" heading={headingOf(view)}>
        {view.product === 'VERIFY'
          ? `${name} can confirm this account now.`
          : `You can pay ${name} from this account now.`}{' '}
        Nothing was charged today.
      </Ending>
      <div className="receipt">
        <ChosenAccount view={view} />
        <CopyLink flowId={view.id} />
      </div>
      <Actions>
        <ReturnNote isReturning={isReturning} name={name} />
        <ReturnLink view={view} />
      </Actions>
    </>
  )
}
