import type { House } from '../house.ts'
import { deleteRowsBefore, insertRequests } from './api-request.store.ts'
import type { ApiRequest } from './api-request.ts'

const keptMs = 7 * 24 * 60 * 60_000
const forgottenAtOnce = 10_000
/** A round of the worker does not go on for ever. */
const mostRounds = 100

/** Writes down what was asked of the API, all at once. */
export const keepRequests = ({ sql }: Pick<House, 'sql'>, requests: readonly ApiRequest[]): Promise<void> =>
  insertRequests(sql, requests)

/** Forgets what came more than a week ago, by the wall clock. */
export async function forgetOldRequests({ sql, realNow }: Pick<House, 'sql' | 'realNow'>): Promise<void> {
  const old = new Date(realNow().getTime() - keptMs)
  for (let round = 0; round < mostRounds; round++)
    if ((await deleteRowsBefore(sql, old, forgottenAtOnce)) < forgottenAtOnce) return
}
