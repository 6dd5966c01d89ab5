import type { Evidence } from './evidence.ts'

/** Places of events have no gaps, each event has one at most, and what happened to one thing is told in its order. */
export function judgePlaces({ records }: Evidence): string[] {
  const wrong: string[] = []
  const inOrder = (some: readonly { number: number; event: string }[], what: string) => {
    const sorted = some.toSorted((a, b) => a.number - b.number)
    if (sorted.some(({ number }, index) => number !== index + 1)) wrong.push(`the places of ${what} have gaps`)
    return sorted
  }
  const places = [...records.places.values()]
  for (const [merchant, some] of Map.groupBy(places, (one) => one.merchant))
    inOrder(
      some.map(({ sequence, event }) => ({ number: Number(sequence), event })),
      merchant,
    )
  for (const [resource, some] of Map.groupBy(places, (one) => one.resource)) {
    const events = inOrder(
      some.map(({ version, event }) => ({ number: version, event })),
      resource,
    )
    if (events.some(({ event }, index) => event < (events[index - 1]?.event ?? '')))
      wrong.push(`what happened to ${resource} is told in another order`)
  }
  return wrong
}
