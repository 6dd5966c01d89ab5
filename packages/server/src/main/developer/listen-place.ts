import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Profile } from './profiles.ts'
import { writePrivately } from './profiles.ts'

export type ListenPlace = Readonly<{
  /** Of the last event that was forwarded; undefined before the first. */
  read(): number | undefined
  write(sequence: number): void
}>

/** How far a merchant's events were forwarded to an address. Another deployment or merchant has places of its own. */
export function openListenPlace(folder: string, { apiUrl, clientId }: Profile, url: string): ListenPlace {
  const name = createHash('sha256').update([apiUrl, clientId, url].join('\n')).digest('hex').slice(0, 24)
  const places = join(folder, 'listen')
  const file = join(places, `${name}.json`)
  return {
    read() {
      try {
        const { sequence } = JSON.parse(readFileSync(file, 'utf8')) as { sequence?: unknown }
        return Number.isSafeInteger(sequence) ? (sequence as number) : undefined
      } catch {
        return undefined
      }
    },
    write: (sequence) => writePrivately(places, file, { apiUrl, clientId, url, sequence }),
  }
}
