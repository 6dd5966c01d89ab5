import type { Day } from '../../kernel/banking-day.ts'
import type { AchFile } from './ach-file.ts'

/** How many people release a file, where its bank's settings ask for that. The database counts too. */
export const releasesNeeded = 2

/**
 * Whether a file that leaves today comes too late for what it says: its effective date is behind us, or a standard
 * one's has come, so that it would settle within hours, as a same-day file does, or not on its day.
 */
export const isLate = ({ speed, effectiveOn }: Pick<AchFile, 'speed' | 'effectiveOn'>, today: Day): boolean =>
  speed === 'same_day' ? today > effectiveOn : today >= effectiveOn
