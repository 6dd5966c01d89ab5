import { join } from 'node:path'
import type { House } from '../house.ts'
import { StartProblem } from '../kernel/start-problem.ts'
import { type DropSettings, openDrop, parseDrop } from '../rails/drops/read-settings.ts'

/** Reports are only put. A drop has a folder to take files from as well: this one, if nothing else is said. */
const unusedFolder = '.incoming'

/** A merchant's own drop, as an operator describes it; `incoming` may be left out. */
export function parseReportDrop(value: unknown): DropSettings | { problems: string[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || 'incoming' in value)
    return parseDrop(value)
  const incoming = 'outgoing' in value && typeof value.outgoing === 'string' ? join(value.outgoing, unusedFolder) : ''
  return parseDrop({ ...value, incoming })
}

/** A merchant's own drop, or a folder of theirs below this one. */
export const openReportDrops =
  (folder: string): House['reportDrop'] =>
  (merchantId, settings) => {
    if (settings === null)
      return openDrop({ kind: 'folder', outgoing: join(folder, merchantId), incoming: join(folder, unusedFolder) })
    const parsed = parseReportDrop(settings)
    if (!('problems' in parsed)) return openDrop(parsed)
    throw new StartProblem(`The drop for the reports of ${merchantId} is not right: ${parsed.problems.join('; ')}.`)
  }
