import { gather, type Outcome } from '../db/gather.ts'
import type { House } from '../house.ts'
import { saveTried, type Told } from './delivery.store.ts'
import { findLanes, type Lane, type Look } from './lane.store.ts'

/** So many are taken at a time: a lane's memory does not grow with what waits for it. */
export const mostAtOnce = 200

/** What lanes that are at work at the same time ask of the database they ask together. */
export type LaneDesk = Readonly<{
  /** Undefined: there is no such endpoint. */
  look(look: Look): Promise<Lane | undefined>
  /** Writes down what was told. Answers whether the job that it was held for has ended. */
  record(told: Told): Promise<boolean>
}>

export function openLaneDesk(house: Pick<House, 'sql' | 'now'>): LaneDesk {
  const look = async (looks: readonly Look[]): Promise<Outcome<Lane | undefined>[]> => {
    const lanes = await findLanes(house.sql, looks, { now: house.now(), most: mostAtOnce })
    return lanes.map((value) => ({ value }))
  }
  const record = async (told: readonly Told[]): Promise<Outcome<boolean>[]> => {
    const ended = await saveTried(house.sql, told)
    return told.map(({ held }) => ({ value: held !== undefined && ended.has(held.id) }))
  }
  return {
    look: gather(look, { most: 16, lanes: 2 }),
    record: gather(record, { most: 16, lanes: 2 }),
  }
}
