import MiniSearch, { type SearchOptions } from 'minisearch'
import type { Institution } from './bank-connector.ts'

/** What people call a bank whose name says otherwise, by domain. Initials are found without being listed. */
const nicknames: Readonly<Record<string, string>> = {
  'americanexpress.com': 'amex',
  'bankofamerica.com': 'bofa',
  'capitalone.com': 'cap1 c1 capone',
  'chase.com': 'jpm jpmc jpmorgan',
  'citi.com': 'citibank citicorp',
  'navyfederal.org': 'navyfed',
  'usbank.com': 'usb',
  'wellsfargo.com': 'wf wellsfargo',
}

const mostLetters = 64
const mostWords = 6
const mostResults = 50

const spelling = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/['’.]/g, '').toLowerCase()

const wordsOf = (text: string): string[] =>
  spelling(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

/** `boa`, and without the small words `ba`; `bankofamerica`, as people type it; `fcu` where the name spells it out. */
function otherNames(name: string): string {
  const words = wordsOf(name)
  const initials = words.map((word) => word[0]).join('')
  const capitals = words.filter((word) => !['of', 'the', 'and'].includes(word)).map((word) => word[0])
  const short = spelling(name).replace('federal credit union', 'fcu').replace('credit union', 'cu')
  return [...(words.length > 1 ? [initials, capitals.join('')] : []), words.join(''), short].join(' ')
}

/** How many letters of a word may be wrong. Two letters that changed places are two; in a short word all is a slip. */
const slips = (most: number) => (term: string) => (term.length < 4 ? 0 : Math.min(most, term.length < 5 ? 1 : 2))

/** From the strict to the generous. The first that finds anything is the answer. */
const attempts: readonly SearchOptions[] = [
  { combineWith: 'AND' },
  { combineWith: 'AND', fuzzy: slips(1) },
  { combineWith: 'AND', fuzzy: slips(2) },
  { combineWith: 'OR', fuzzy: slips(1) },
  { combineWith: 'OR', fuzzy: slips(2) },
]

export type Directory = Readonly<{ search(words: string, limit: number): readonly Institution[] }>

/**
 * The list a customer chooses from. Without words the popular come first; with them the best match does. A slip of the
 * finger, a beginning, a domain and a usual abbreviation all find the bank. The same words give the same order always.
 */
export function openDirectory(institutions: readonly Institution[]): Directory {
  const ranked = [...institutions].sort(
    (a, b) => b.popularity - a.popularity || compare(a.name, b.name) || compare(a.id, b.id),
  )
  const places = new Map(ranked.map((institution, place) => [institution.id, { institution, place }]))
  const mostPopular = Math.max(1, ...ranked.map(({ popularity }) => popularity))
  const index = new MiniSearch({
    fields: ['name', 'domain', 'otherNames'],
    tokenize: wordsOf,
    processTerm: (term) => term,
    searchOptions: {
      prefix: true,
      boost: { name: 3, otherNames: 2 },
      boostDocument: (id) => 1 + Math.max(0, places.get(id)?.institution.popularity ?? 0) / mostPopular,
    },
  })
  index.addAll(
    ranked.map(({ id, name, domain }) => ({
      id,
      name,
      domain,
      otherNames: `${otherNames(name)} ${nicknames[domain] ?? ''}`,
    })),
  )

  return {
    search(words, limit) {
      const most = Math.min(Math.max(0, Math.trunc(limit)), mostResults)
      const wanted = wordsOf(words.slice(0, mostLetters)).slice(0, mostWords).join(' ')
      if (wanted === '') return words.trim() === '' ? ranked.slice(0, most) : []
      const found = attempts.map((attempt) => index.search(wanted, attempt)).find((some) => some.length > 0) ?? []
      return found
        .flatMap(({ id, score }) => {
          const at = places.get(id)
          return at ? [{ ...at, score }] : []
        })
        .sort((a, b) => b.score - a.score || a.place - b.place)
        .slice(0, most)
        .map(({ institution }) => institution)
    },
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
