import { transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { ask } from '../../jobs/tasks.ts'
import type { OriginatingBank } from '../originating-bank.ts'
import { openWindows } from './calendar.ts'
import type { Window } from './window.ts'

type Bank = Pick<OriginatingBank, 'id' | 'windows'>

/**
 * Runs today's open windows of a bank before their time: what is authorized now goes out now, in the files and with the
 * effective dates of those windows; each cut-off comes once more at its time and takes what is authorized by then.
 * Answers the windows; none is open after the day's last cut-off and on days that are no banking days.
 */
export async function cutOffNow(house: Pick<House, 'sql' | 'now'>, bank: Bank): Promise<Window[]> {
  const windows = openWindows(bank, house.now())
  await transact(house.sql, async (tx) => {
    for (const { at } of windows) await ask(tx, 'cut-off', { bankId: bank.id, cutOffAt: at.toISOString() })
  })
  return windows
}

/** Reads a bank's drop now, and not only when its settings say. */
export const collectNow = (house: Pick<House, 'sql'>, { id }: Pick<Bank, 'id'>): Promise<void> =>
  transact(house.sql, (tx) => ask(tx, 'collect-reports', { bankId: id }))
