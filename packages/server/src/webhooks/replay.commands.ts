import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { saveAgain } from './delivery.store.ts'
import type { Delivery } from './delivery.ts'
import type { Endpoint } from './endpoint.ts'
import { listPlaces, moveReplay, takeReplay } from './replay.store.ts'
import { typesWanted } from './subscription.ts'

/** Makes the next so many events of a stretch that is told again due. The rest of it waits, however long it is. */
export const expandReplay = (house: House, endpoint: Endpoint, limit: number): Promise<void> =>
  transact(house.sql, async (tx) => {
    const replay = await takeReplay(tx, endpoint.id)
    if (!replay) return
    const places = await listPlaces(tx, endpoint.merchantId, replay, typesWanted(endpoint.subscription), limit)
    const now = house.now()
    await saveAgain(
      tx,
      places.map(
        (place): Delivery => ({
          ...place,
          ...{ id: house.newId(), endpointId: endpoint.id, status: 'waiting', tries: 0, attempts: 0 },
          ...{ dueAt: now, createdAt: now, doneAt: null },
        }),
      ),
    )
    const end = places.length < limit ? replay.last : (places.at(-1)?.sequence ?? replay.last)
    await moveReplay(tx, replay.id, end + 1)
  })
