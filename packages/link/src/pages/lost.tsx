import { Button, Logo } from '@rialto/ui'
import { CircleCheck, CloudOff, Compass, type LucideIcon } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { Actions, Frame } from '../shell.tsx'
import { Ending } from './endings.tsx'

/** The pages that know no flow, and so neither a merchant nor a way back. */
function Lost({
  Icon,
  heading,
  text,
  children,
}: {
  Icon: LucideIcon
  heading: string
  text: string
  children?: ReactNode
}) {
  useEffect(() => {
    document.title = `${heading} · Rialto`
  }, [heading])
  return (
    <Frame
      header={
        <span className="head-who">
          <Logo size={32} />
          <span className="head-name">Rialto</span>
        </span>
      }
    >
      <div className="page">
        <Ending Icon={Icon} heading={heading}>
          {text}
        </Ending>
        {children}
      </div>
    </Frame>
  )
}

/** The way back, if the server knows one; it never says anything of the customer here. */
function wayBack(): { merchantName: string; returnTo: string } | null {
  return JSON.parse(document.getElementById('view')?.textContent ?? 'null')
}

export function Used() {
  const back = wayBack()
  return (
    <Lost
      Icon={CircleCheck}
      heading="This link was used already"
      text={
        'Each link opens once, in one browser. If that was you, carry on there. If not, go back to the shop and start ' +
        'again.'
      }
    >
      {back && (
        <Actions>
          <Button size="large" onClick={() => location.assign(back.returnTo)}>
            Back to {back.merchantName}
          </Button>
        </Actions>
      )}
    </Lost>
  )
}

export function Unknown() {
  return (
    <Lost
      Icon={Compass}
      heading="We can’t find this page"
      text={
        'The link may be incomplete, or it belongs to another browser. Go back to the shop and start again. Nothing was ' +
        'linked here.'
      }
    />
  )
}

export function Unreachable({ onRetry }: { onRetry: () => void }) {
  return (
    <Lost
      Icon={CloudOff}
      heading="We can’t reach Rialto"
      text="Check your connection, then try again. You will carry on where you were."
    >
      <Actions>
        <Button size="large" onClick={onRetry}>
          Try again
        </Button>
      </Actions>
    </Lost>
  )
}
