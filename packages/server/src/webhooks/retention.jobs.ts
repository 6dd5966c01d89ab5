import { remind } from '../agenda/agenda.commands.ts'
import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { dropMonth, forgetPlaces, listMonths, monthOf, openMonth } from './retention.store.ts'

const monthsAhead = 3
const placesAtOnce = 10_000
const dayMs = 24 * 60 * 60_000

/**
 * Opens the coming months, and drops those whose last event is older than the setting says, with what was told of them.
 * Reminds of itself for the beginning of the next month.
 */
export async function keepEvents(house: House): Promise<void> {
  const now = house.now()
  for (let more = 0; more <= monthsAhead; more++) await openMonth(house.sql, monthOf(now, more))
  const keepFrom = new Date(now.getTime() - house.settings.eventsKeptDays * dayMs)
  for (const month of await listMonths(house.sql)) {
    const end = monthOf(month, 1)
    if (end > keepFrom) break
    while ((await forgetPlaces(house.sql, end, placesAtOnce)) === placesAtOnce) {}
    await transact(house.sql, (tx) => dropMonth(tx, month))
    house.log.info({ month: month.toISOString().slice(0, 7) }, 'the events of a month were dropped')
  }
  await transact(house.sql, (tx) => remind(tx, monthOf(now, 1), 'keep-events', {}, 'keep-events'))
}
