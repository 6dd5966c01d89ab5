import { useCallback, useEffect, useRef, useState } from 'react'
import { addressOf, placeOf } from './addresses.ts'
import { type Answer, callFlow, patientLimitMs } from './api.ts'
import { type FlowView, type Page, stepBack } from './flow.ts'

type Call = 'consent' | 'bank' | 'sign-in' | 'sign-in/code' | 'account' | 'authorize' | 'back' | 'leave'

/** What every page is drawn from: the server's row, and the way to change it. */
export type PageProps = { view: FlowView; flow: Flow }

/**
 * Something that stands in the way without being a page: said above the page, with a way to try again if there is
 * one.
 */
type Trouble = { message: string; retry: (() => void) | null }

export type Flow = {
  state: { kind: 'loading' } | { kind: 'unreachable' } | { kind: 'unknown' } | { kind: 'view'; view: FlowView }
  /** The call under way. */
  busy: Call | null
  trouble: Trouble | null
  /** Counts the answers to the customer's own calls, so that the same problem twice is told apart. */
  answers: number
  act: (call: Call, body?: unknown) => Promise<void>
  reload: () => Promise<void>
}

const unreached = 'We could not reach Rialto. Check your connection, then try again.'

/** The first view, when the server wrote it into the page to save the browser a round trip. */
function writtenView(flowId: string): FlowView | null {
  const text = document.getElementById('view')?.textContent
  if (!text) return null
  const view = JSON.parse(text) as FlowView | null
  return view?.id === flowId ? view : null
}

/** The address follows the view: a new entry for a step forward, a correction for everything else. */
function follow(view: FlowView, isForward: boolean): void {
  const address = addressOf(view.id, view.page)
  if (location.pathname === address) return
  if (isForward) history.pushState(null, '', address)
  else history.replaceState(null, '', address)
}

/**
 * One flow, as the server has it. The server's row is the truth: every answer is a whole view, and the page and the
 * address follow it.
 * It is read again whenever this browser may have missed something: another tab, the back button, a return from the
 * bank.
 */
export function useFlow(flowId: string): Flow {
  const [state, setState] = useState<Flow['state']>(() => {
    const view = writtenView(flowId)
    return view ? { kind: 'view', view } : { kind: 'loading' }
  })
  const [busy, setBusy] = useState<Call | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [answers, setAnswers] = useState(0)
  const now = useRef<Page | null>(state.kind === 'view' ? state.view.page : null)
  /** The call whose answer counts. An answer to an older one comes too late to be believed. */
  const latest = useRef(0)
  const isActing = useRef(false)

  const take = useCallback((answer: Answer<FlowView>, isForward: boolean) => {
    if (answer.kind === 'unknown') setState({ kind: 'unknown' })
    if (answer.kind !== 'ok') return
    follow(answer.body, isForward)
    now.current = answer.body.page
    setTrouble(null)
    setState({ kind: 'view', view: answer.body })
  }, [])

  const reload = useCallback(async () => {
    if (isActing.current) return
    latest.current += 1
    const ticket = latest.current
    const answer = await callFlow<FlowView>(flowId, '/')
    if (ticket !== latest.current) return
    take(answer, false)
    if (answer.kind === 'ok' || answer.kind === 'unknown') return
    if (now.current === null) setState({ kind: 'unreachable' })
    else if (answer.kind === 'failed') setTrouble({ message: answer.message, retry: reload })
    else setTrouble({ message: unreached, retry: reload })
  }, [flowId, take])

  const act = useCallback(
    async (call: Call, body: unknown = {}): Promise<void> => {
      if (isActing.current) return
      isActing.current = true
      latest.current += 1
      setBusy(call)
      setTrouble(null)
      const answer = await callFlow<FlowView>(flowId, `/${call}`, { method: 'POST', body, limitMs: patientLimitMs })
      isActing.current = false
      setBusy(null)
      setAnswers((count) => count + 1)
      take(answer, call !== 'back')
      if (answer.kind === 'moved') await reload()
      // What was typed is not kept, so a sign-in can only be tried again by typing it again.
      const retry = call.startsWith('sign-in') ? null : () => void act(call, body)
      if (answer.kind === 'failed')
        setTrouble({ message: answer.message, retry: answer.isWorthRetrying ? retry : null })
      if (answer.kind === 'unreached') setTrouble({ message: unreached, retry })
    },
    [flowId, reload, take],
  )

  useEffect(() => {
    const view = writtenView(flowId)
    if (view) follow(view, false)
    else void reload()
  }, [flowId, reload])

  useEffect(() => {
    const backOrForward = () => {
      const asked = placeOf(location.pathname)
      const target = asked.kind === 'flow' && asked.page && now.current ? stepBack(now.current, asked.page) : null
      void (target ? act('back', { to: target }) : reload())
    }
    const restored = (event: PageTransitionEvent) => event.persisted && void reload()
    const seen = () => document.visibilityState === 'visible' && void reload()
    addEventListener('popstate', backOrForward)
    addEventListener('pageshow', restored)
    document.addEventListener('visibilitychange', seen)
    return () => {
      removeEventListener('popstate', backOrForward)
      removeEventListener('pageshow', restored)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [act, reload])

  return { state, busy, trouble, answers, act, reload }
}
