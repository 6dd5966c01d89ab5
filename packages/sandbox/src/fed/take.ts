import { createHash } from 'node:crypto'
import type { Tx } from '../db/connect.ts'
import type { World } from '../world.ts'
import {
  type Claimed,
  claimAll,
  type Drop,
  listClaimed,
  readClaimed,
  removeClaimed,
  sizeOfClaimed,
  UNREADABLE,
} from './drop.ts'
import { takeFedFault } from './fault.store.ts'
import {
  type FileVerdict,
  type Judged,
  listUnjudged,
  markStored,
  readParts,
  recordClaim,
  saveVerdict,
  storePart,
  type TakenFile,
  wasTakenBefore,
} from './file.store.ts'
import { type Inspection, inspectParts } from './inspect.ts'
import { loadFile } from './load.ts'

const MOST_BYTES = 200 * 1024 * 1024
/** Of a file that is too large: enough to see whose it is. */
const A_LITTLE = 1024
const ACKNOWLEDGED_AFTER_MS = 60_000

const TOO_LARGE = 'the file is larger than 200 MB'
const NAMELESS = 'the name of the file is not one a bank can read: letters, digits, dots, dashes and underscores'

/** Stores a claimed file whole, then takes it away. After a crash in between, it is stored already and only removed. */
async function storeClaimed(world: World, drop: Drop, claimed: Claimed): Promise<void> {
  const { sql } = world
  const bytes = await sizeOfClaimed(drop, claimed.claim)
  const problem = bytes > MOST_BYTES ? TOO_LARGE : claimed.name === UNREADABLE ? NAMELESS : null
  const file = await recordClaim(sql, { ...claimed, takenAt: world.now(), problem })
  if (!file.storedAt) {
    const hash = createHash('sha256')
    let part = 0
    for await (const piece of readClaimed(drop, claimed.claim, bytes > MOST_BYTES ? A_LITTLE : bytes)) {
      hash.update(piece)
      await storePart(sql, file.id, part, piece)
      part += 1
    }
    await markStored(sql, file.id, { at: world.now(), bytes, sha256: hash.digest('hex') })
  }
  await removeClaimed(drop, claimed.claim)
}

const shownProblems = ({ problems, problemCount }: Inspection): string =>
  `${problems.join('; ')}${problemCount > problems.length ? `; and ${problemCount - problems.length} more` : ''}`

const shownRefusals = (refused: readonly { code: string; count: number }[]): string => {
  const sum = refused.reduce((total, { count }) => total + count, 0)
  const list = refused.map(({ code, count }) => `${code} (${count})`).join(', ')
  return `${sum} ${sum === 1 ? 'entry comes' : 'entries come'} back unsettled: ${list}`
}

type Word = Readonly<{ verdict: FileVerdict; message: string }>

async function judge(tx: Tx, file: TakenFile, inspection: Inspection): Promise<Word> {
  if (file.problem) return { verdict: 'rejected', message: file.problem }
  if (await takeFedFault(tx, 'refuse_file')) return { verdict: 'rejected', message: 'the file was refused on demand' }
  if (inspection.problemCount > 0) return { verdict: 'rejected', message: shownProblems(inspection) }
  if (await wasTakenBefore(tx, file.id, inspection.identity))
    return { verdict: 'duplicate', message: 'a file with this origin, date, time and modifier was taken before' }
  const { refused } = await loadFile(tx, file, inspection)
  return refused.length === 0
    ? { verdict: 'accepted', message: '' }
    : { verdict: 'accepted_with_item_errors', message: shownRefusals(refused) }
}

const toJudged = (file: TakenFile, inspection: Inspection, word: Word): Judged => ({
  ...inspection.identity,
  ...word,
  entries: inspection.entries,
  debits: inspection.debits,
  credits: inspection.credits,
  acknowledgeAt: new Date(file.takenAt.getTime() + ACKNOWLEDGED_AFTER_MS),
})

const unknown: Inspection = {
  identity: {
    ...{ immediateOrigin: '', immediateDestination: '', originName: '' },
    ...{ creationDate: '', creationTime: '', fileIdModifier: '' },
  },
  ...{ entries: 0, debits: 0n, credits: 0n, problems: [], problemCount: 0, itemErrors: new Map() },
}

async function judgeFile(world: World, file: TakenFile): Promise<void> {
  const seen = await inspectParts(() => readParts(world.sql, file.id))
  // What is refused unread has no totals to speak of.
  const inspection = file.problem ? { ...unknown, identity: seen.identity } : seen
  await world.sql.begin(async (tx) => {
    const word = await judge(tx, file, inspection)
    await saveVerdict(tx, file.id, toJudged(file, inspection, word))
    world.log.info({ file: file.name, verdict: word.verdict, entries: inspection.entries }, 'file taken')
  })
}

/** What cannot be judged waits for a person at the bank; the others do not wait for it. */
async function judgeOrPend(world: World, file: TakenFile): Promise<void> {
  try {
    await judgeFile(world, file)
  } catch (error) {
    world.log.error({ file: file.name, error: (error as Error).message }, 'file could not be judged')
    const word = { verdict: 'pended', message: 'the bank could not process the file' } as const
    await world.sql.begin((tx) => saveVerdict(tx, file.id, toJudged(file, unknown, word)))
  }
}

/** Takes what lies in the drop: claims, stores, removes, and only then reads it. */
export async function takeFiles(world: World, drop: Drop): Promise<void> {
  await claimAll(drop, world.newId)
  for (const claimed of await listClaimed(drop))
    await storeClaimed(world, drop, claimed).catch((error: Error) =>
      world.log.error({ file: claimed.name, error: error.message }, 'file could not be stored; it will be tried again'),
    )
  for (const file of await listUnjudged(world.sql)) await judgeOrPend(world, file)
}
