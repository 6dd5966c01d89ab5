import { BankMark, Button, ButtonLink, Notice, TextField } from '@rialto/ui'
import { ArrowRight, Eye, EyeOff } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { isSafeToGo } from '../addresses.ts'
import { type Bank, headingOf, type SignIn } from '../flow.ts'
import { Actions, Heading } from '../shell.tsx'
import type { PageProps } from '../use-flow.ts'

export function SignInPage({ view, flow }: PageProps) {
  const { signIn, bank } = view
  const locked = signIn && signIn.kind !== 'redirect' && signIn.problem?.code === 'account_locked'
  return (
    <>
      {bank && <BankSeal bank={bank} />}
      {signIn?.kind === 'redirect' && <AtTheBank view={view} signIn={signIn} />}
      {locked && <Locked view={view} message={signIn.problem?.message ?? ''} />}
      {signIn?.kind === 'credentials' && !locked && <Credentials view={view} flow={flow} signIn={signIn} />}
      {signIn?.kind === 'mfa' && !locked && <Code view={view} flow={flow} signIn={signIn} />}
      <Actions>
        {signIn?.kind === 'redirect' && isSafeToGo(signIn.redirectTo) && (
          <ButtonLink size="large" href={signIn.redirectTo}>
            Continue to {bank?.name ?? 'your bank'}
            <ArrowRight size={18} aria-hidden="true" />
          </ButtonLink>
        )}
        {signIn?.kind === 'credentials' && !locked && (
          <SubmitAndWait form="credentials" isWaiting={flow.busy === 'sign-in'} bank={bank}>
            Sign in
          </SubmitAndWait>
        )}
        {signIn?.kind === 'mfa' && !locked && (
          <SubmitAndWait form="code" isWaiting={flow.busy === 'sign-in/code'} bank={bank}>
            Continue
          </SubmitAndWait>
        )}
        <Button
          look={locked ? 'primary' : 'quiet'}
          size={locked ? 'large' : 'medium'}
          busy={flow.busy === 'back' ? 'Going back…' : null}
          onClick={() => flow.act('back', { to: 'bank' })}
        >
          Choose another bank
        </Button>
      </Actions>
    </>
  )
}

function BankSeal({ bank }: { bank: Bank }) {
  return (
    <div className="bank-seal">
      <BankMark monogram={bank.monogram} color={bank.color} size="large" />
      <span>{bank.domain}</span>
    </div>
  )
}

type KindProps<Kind extends SignIn['kind']> = PageProps & { signIn: Extract<SignIn, { kind: Kind }> }

function AtTheBank({ view }: Omit<KindProps<'redirect'>, 'flow'>) {
  const domain = view.bank?.domain ?? 'your bank’s own site'
  return (
    <>
      <Heading lead="You sign in at the bank itself. Here is what happens next.">{headingOf(view)}</Heading>
      <ol className="next">
        <li>
          <span>
            Sign in on <b>{domain}</b>, with the bank’s own security.
          </span>
        </li>
        <li>
          <span>Say which accounts you want to share.</span>
        </li>
        <li>
          <span>Your bank brings you back here to finish.</span>
        </li>
      </ol>
      <SandboxLogin view={view} />
    </>
  )
}

/**
 * What is typed stays in the fields: it goes from the form into the request, never into React's state, and is then
 * wiped.
 */
function Credentials({ view, flow, signIn }: KindProps<'credentials'>) {
  const [isShown, setIsShown] = useState(false)
  const password = useRef<HTMLInputElement>(null)
  const { problem } = signIn
  const Icon = isShown ? EyeOff : Eye

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (flow.busy) return
    const fields = new FormData(event.currentTarget)
    setIsShown(false)
    await flow.act('sign-in', { username: fields.get('username'), password: fields.get('password') })
    if (password.current) {
      password.current.value = ''
      password.current.focus()
    }
  }

  return (
    <>
      <Heading lead={`${view.merchant.name} never sees your user name or password, and we do not keep them.`}>
        {headingOf(view)}
      </Heading>
      <form id="credentials" className="fields" onSubmit={submit}>
        {problem?.code === 'bank_unavailable' && (
          <Notice tone="warn" role="alert" key={flow.answers}>
            {problem.message}
          </Notice>
        )}
        <TextField
          label="User name"
          name="username"
          required
          maxLength={200}
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck="false"
          readOnly={flow.busy === 'sign-in'}
        />
        <TextField
          ref={password}
          label="Password"
          name="password"
          type={isShown ? 'text' : 'password'}
          required
          maxLength={200}
          autoComplete="current-password"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck="false"
          readOnly={flow.busy === 'sign-in'}
          problem={problem?.code === 'bank_unavailable' ? null : problem?.message}
          problemKey={flow.answers}
          end={
            <button
              type="button"
              aria-label="Show password"
              aria-pressed={isShown}
              onClick={() => setIsShown(!isShown)}
            >
              <Icon size={20} aria-hidden="true" />
            </button>
          }
        />
        <SandboxLogin view={view} />
      </form>
    </>
  )
}

function Code({ view, flow, signIn }: KindProps<'mfa'>) {
  const code = useRef<HTMLInputElement>(null)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (flow.busy) return
    const typed = String(new FormData(event.currentTarget).get('code'))
    await flow.act('sign-in/code', { code: typed.replace(/\D/g, '') })
    if (code.current) {
      code.current.value = ''
      code.current.focus()
    }
  }

  return (
    <>
      <Heading lead={signIn.prompt}>{headingOf(view)}</Heading>
      <form id="code" className="fields" onSubmit={submit}>
        <TextField
          ref={code}
          label={`${signIn.digits}-digit code`}
          name="code"
          required
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern={`[0-9]{${signIn.digits}}`}
          maxLength={signIn.digits}
          title={`${signIn.digits} digits`}
          readOnly={flow.busy === 'sign-in/code'}
          problem={signIn.problem?.message}
          problemKey={flow.answers}
          data-code=""
        />
        {view.environment === 'sandbox' && <p className="hint">Sandbox: the code is 123456.</p>}
      </form>
    </>
  )
}

function Locked({ view, message }: { view: PageProps['view']; message: string }) {
  return (
    <>
      <Heading>{headingOf(view)}</Heading>
      <Notice tone="bad" role="alert">
        {message} Nothing has been linked.
      </Notice>
    </>
  )
}

const patienceMs = 3000

type SubmitAndWaitProps = { form: string; isWaiting: boolean; bank: Bank | null; children: string }

/** Some banks are slow. After three seconds the page says that it is the bank it waits for. */
function SubmitAndWait({ form, isWaiting, bank, children }: SubmitAndWaitProps) {
  const [isLong, setIsLong] = useState(false)
  useEffect(() => {
    if (!isWaiting) return
    const timer = setTimeout(() => setIsLong(true), patienceMs)
    return () => {
      clearTimeout(timer)
      setIsLong(false)
    }
  }, [isWaiting])
  return (
    <>
      <p className="waiting" role="status">
        {isWaiting && isLong && `Still waiting for ${bank?.name ?? 'your bank'}. You don’t need to do anything.`}
      </p>
      <Button type="submit" form={form} size="large" busy={isWaiting ? 'Signing in…' : null}>
        {children}
      </Button>
    </>
  )
}

function SandboxLogin({ view }: { view: PageProps['view'] }) {
  if (view.environment !== 'sandbox') return null
  return <p className="hint">Sandbox: try profile_522, the password is the same.</p>
}
