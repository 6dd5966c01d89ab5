import { Badge, BankMark, Skeleton, Spinner } from '@rialto/ui'
import { ChevronRight, SearchX } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { Bank } from '../flow.ts'

type BankListProps = { banks: Bank[]; active: number; chosenId: string | null; choose: (bank: Bank) => void }

/** The list of the search's combobox, which keeps the focus and points at the marked row. */
export function BankList({ banks, active, chosenId, choose }: BankListProps) {
  const marked = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another `active`, another row is marked
  useEffect(() => marked.current?.scrollIntoView({ block: 'nearest' }), [active])
  return (
    <div id="banks" role="listbox" aria-label="Banks" className="bank-list" aria-busy={chosenId !== null}>
      {banks.map((bank, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the combobox keeps the focus and points here
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
        <div
          key={bank.id}
          id={`bank-${index}`}
          ref={index === active ? marked : null}
          role="option"
          aria-selected={index === active}
          className="bank"
          onClick={() => choose(bank)}
        >
          <BankMark monogram={bank.monogram} color={bank.color} />
          <span className="bank-words">
            <span className="bank-name">{bank.name}</span>
            <span className="bank-how">{bank.signIn === 'redirect' ? bank.domain : 'Sign in with user name'}</span>
          </span>
          {bank.notice && <Badge tone="warn">{bank.notice}</Badge>}
          <span className="bank-end">
            {chosenId === bank.id ? <Spinner /> : <ChevronRight size={20} aria-hidden="true" />}
          </span>
        </div>
      ))}
    </div>
  )
}

export function BanksLoading() {
  return (
    <div className="bank-list" id="banks" aria-hidden="true">
      {['a', 'b', 'c', 'd', 'e'].map((row) => (
        <div className="bank" key={row}>
          <Skeleton shape="mark" />
          <span className="bank-words bank-words-loading">
            <Skeleton />
            <Skeleton shape="short" />
          </span>
        </div>
      ))}
    </div>
  )
}

export function NoMatch({ query }: { query: string }) {
  return (
    <div className="no-match" id="banks">
      <SearchX size={28} aria-hidden="true" />
      <h2>No bank matches “{query}”</h2>
      <p>Check the spelling, or try the name on your card or the bank’s web address.</p>
    </div>
  )
}
