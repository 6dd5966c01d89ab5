import { remind } from '../agenda/agenda.commands.ts'
import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { addDays, atEastern, easternDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { countReturns, judgeReturnRates } from './return-rate.commands.ts'
import { readReturnRates } from './return-rate.queries.ts'
import { listWatched } from './return-rate.store.ts'
import { spansOn } from './return-rate.ts'

/** After the morning's returns have been read. */
const watchedAt = '10:00'
const agendaKey = 'return-rates:watch'
const page = 500

/** Puts the next look at the rates on the agenda. */
async function remindOfWatch(tx: Tx, after: Date): Promise<void> {
  const today = easternDay(after)
  const day = atEastern(today, watchedAt) > after ? today : addDays(today, 1)
  await remind(tx, atEastern(day, watchedAt), 'watch-return-rates', {}, agendaKey)
}

/** Called when a worker starts. */
export function scheduleWatch(house: House): Promise<void> {
  return transact(house.sql, async (tx) => {
    const [known] = await tx`select from agenda where key = ${agendaKey}`
    if (!known) await remindOfWatch(tx, house.now())
  })
}

/** Counts the returns that are new, then judges the platform's rates and every merchant's. May be repeated. */
export async function watchReturnRates(house: House): Promise<void> {
  await transact(house.sql, (tx) => remindOfWatch(tx, house.now()))
  await countReturns(house)
  await judgeReturnRates(house, await readReturnRates(house, null))
  // On every day of the year, the two months begin first.
  const [, twoMonths] = spansOn(easternDay(house.now()))
  for (let after: MerchantId | null = null; ; ) {
    const ids: MerchantId[] = await listWatched(house.sql, twoMonths.from, after, page)
    for (const id of ids) await judgeReturnRates(house, await readReturnRates(house, id))
    after = ids.at(-1) ?? null
    if (ids.length < page) return
  }
}
