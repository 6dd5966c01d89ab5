import { Button, Dialog, Notice, TextField } from '@rialto/ui'
import { Search, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { type Bank, headingOf } from '../flow.ts'
import { Actions, Heading } from '../shell.tsx'
import { type BankSearch, useBankSearch } from '../use-bank-search.ts'
import type { PageProps } from '../use-flow.ts'
import { BankList, BanksLoading, NoMatch } from './bank-list.tsx'

const longestQuery = 80

export function BankSearchPage({ view, flow }: PageProps) {
  const [typed, setTyped] = useState('')
  const query = typed.trim()
  const search = useBankSearch(view.id, query)
  const { found } = search
  const [active, setActive] = useState(-1)
  const [chosenId, setChosenId] = useState<string | null>(null)
  const isCurrent = found?.query === query

  // With something typed, the best match is marked, so that Enter takes it; the popular ones are only an offer.
  useEffect(() => {
    setActive(found && found.query !== '' && found.banks.length > 0 ? 0 : -1)
  }, [found])

  const choose = (bank: Bank) => {
    setChosenId(bank.id)
    void flow.act('bank', { bankId: bank.id })
  }

  const enter = () => {
    const bank = found?.banks[active]
    if (bank && isCurrent) choose(bank)
  }

  return (
    <>
      <Heading lead="Search by name or web address.">{headingOf(view)}</Heading>
      <SearchField
        typed={typed}
        count={found?.banks.length ?? 0}
        active={active}
        onType={setTyped}
        onWalk={setActive}
        onEnter={enter}
      />
      <p className="rl-only-heard" role="status">
        {found && isCurrent && countOf(found.banks.length, query)}
      </p>
      <Results search={search} active={active} chosenId={flow.busy === 'bank' ? chosenId : null} choose={choose} />
      <Actions>
        <Unlisted view={view} flow={flow} />
      </Actions>
    </>
  )
}

function countOf(count: number, query: string): string {
  if (count === 0) return `No bank matches ${query}`
  const banks = count === 1 ? '1 bank' : `${count} banks`
  return query ? `${banks} found` : `${banks}, popular first`
}

type SearchFieldProps = {
  typed: string
  count: number
  active: number
  onType: (typed: string) => void
  onWalk: (active: number) => void
  onEnter: () => void
}

/** A combobox whose list is always open: the typing stays in the field, the arrows walk the list. */
function SearchField({ typed, count, active, onType, onWalk, onEnter }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const clear = () => {
    onType('')
    input.current?.focus()
  }

  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') onWalk(active >= count - 1 ? 0 : active + 1)
    else if (event.key === 'ArrowUp') onWalk(active <= 0 ? count - 1 : active - 1)
    else if (event.key === 'Escape' && typed) clear()
    else if (event.key === 'Enter') onEnter()
    else return
    event.preventDefault()
  }

  return (
    <TextField
      ref={input}
      label="Bank name"
      isLabelHidden
      placeholder="Search banks"
      value={typed}
      maxLength={longestQuery}
      onChange={(event) => onType(event.target.value)}
      onKeyDown={press}
      autoComplete="off"
      autoCorrect="off"
      autoCapitalize="none"
      spellCheck="false"
      enterKeyHint="search"
      role="combobox"
      aria-autocomplete="list"
      aria-expanded={count > 0}
      aria-controls="banks"
      aria-activedescendant={active >= 0 && active < count ? `bank-${active}` : undefined}
      start={<Search size={20} aria-hidden="true" />}
      end={
        typed && (
          <button type="button" aria-label="Clear the search" onClick={clear}>
            <X size={18} aria-hidden="true" />
          </button>
        )
      }
    />
  )
}

type ResultsProps = {
  search: BankSearch
  active: number
  chosenId: string | null
  choose: (bank: Bank) => void
}

function Results({ search: { found, hasFailed, retry }, ...list }: ResultsProps) {
  if (hasFailed)
    return (
      <Notice tone="bad" role="alert">
        We could not load the banks. Check your connection.
        <div>
          <Button look="outline" onClick={retry}>
            Try again
          </Button>
        </div>
      </Notice>
    )
  if (found && found.banks.length === 0) return <NoMatch query={found.query} />
  return (
    <section className="banks" aria-label={found?.query ? 'Banks found' : 'Popular banks'}>
      <h2 className="banks-label">{found?.query ? 'Best matches' : 'Popular'}</h2>
      {found ? <BankList banks={found.banks} {...list} /> : <BanksLoading />}
    </section>
  )
}

function Unlisted({ view, flow }: PageProps) {
  const [isOpen, setIsOpen] = useState(false)
  const leave = async () => {
    await flow.act('leave')
    setIsOpen(false)
  }
  return (
    <>
      <Button look="quiet" onClick={() => setIsOpen(true)}>
        My bank isn’t listed
      </Button>
      <Dialog
        open={isOpen}
        title="Your bank isn’t listed?"
        onClose={() => setIsOpen(false)}
        actions={
          <>
            <Button size="large" onClick={() => setIsOpen(false)}>
              Keep searching
            </Button>
            <Button look="quiet" busy={flow.busy === 'leave' ? 'Leaving…' : null} onClick={leave}>
              Leave without linking
            </Button>
          </>
        }
      >
        Try the name on your card or statement, or the address you type to bank online. If it still isn’t there, it
        can’t be linked yet: go back to {view.merchant.name} and pay another way.
      </Dialog>
    </>
  )
}
