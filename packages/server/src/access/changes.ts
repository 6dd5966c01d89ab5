import type { Tx } from '../db/connect.ts'
import type { House } from '../house.ts'

const channel = 'access_changed'
const kinds = ['client', 'merchant', 'token', 'keys', 'everything'] as const

/** What changed, so that other processes need not doubt everything they know. */
export type AccessChange = Readonly<{ kind: (typeof kinds)[number]; id: string }>

/** Tells every process when, and only if, the caller's transaction commits. */
export const announceChange = (tx: Tx, kind: AccessChange['kind'], id = ''): Promise<unknown> =>
  tx`select pg_notify(${channel}, ${`${kind}:${id}`})`

/**
 * Hears changes made on any process. After a gap in the connection everything is said to have changed. Some connection
 * poolers do not carry notifications: then this hears nothing, and what is read again twice a second must do.
 */
export async function hearChanges(
  house: Pick<House, 'sql' | 'log'>,
  tell: (change: AccessChange) => void,
): Promise<() => Promise<void>> {
  const hear = (text: string) => tell(readChange(text))
  const missed = () => tell({ kind: 'everything', id: '' })
  try {
    const ear = await house.sql.listen(channel, hear, missed)
    return () => ear.unlisten().catch(() => undefined)
  } catch (error) {
    house.log.warn({ err: error }, 'changes of access are not heard, only read again every half second')
    return async () => undefined
  }
}

/** What cannot be read, perhaps because a newer version said it, may have been about anything. */
function readChange(text: string): AccessChange {
  const [said, id = ''] = text.split(':')
  return { kind: kinds.find((kind) => kind === said) ?? 'everything', id }
}
