import { useEffect, useState } from 'react'
import { callFlow } from './api.ts'
import type { Bank } from './flow.ts'

type Found = { query: string; banks: Bank[] }

export type BankSearch = {
  /** The newest result, which may still answer an older question; null until the first has come. */
  found: Found | null
  hasFailed: boolean
  retry: () => void
}

const pauseMs = 150

/** Asks for the banks that match, once the typing pauses; an answer to a question nobody asks any more is dropped. */
export function useBankSearch(flowId: string, query: string): BankSearch {
  const [found, setFound] = useState<Found | null>(null)
  const [hasFailed, setHasFailed] = useState(false)
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks the same question again
  useEffect(() => {
    const cancel = new AbortController()
    const ask = async () => {
      const path = `/banks?q=${encodeURIComponent(query)}`
      const answer = await callFlow<{ banks: Bank[] }>(flowId, path, { signal: cancel.signal })
      if (answer.kind === 'cancelled') return
      setHasFailed(answer.kind !== 'ok')
      if (answer.kind === 'ok') setFound({ query, banks: answer.body.banks })
    }
    const timer = setTimeout(ask, query === '' ? 0 : pauseMs)
    return () => {
      clearTimeout(timer)
      cancel.abort()
    }
  }, [flowId, query, attempt])

  return { found, hasFailed, retry: () => setAttempt((count) => count + 1) }
}
