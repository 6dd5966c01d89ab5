import { remind } from '../../agenda/agenda.commands.ts'
import { type Tx, transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { ask } from '../../jobs/tasks.ts'
import { atEastern } from '../../kernel/banking-day.ts'
import type { OriginatingBank } from '../originating-bank.ts'
import { listFilesOfCutOff } from './ach-file.store.ts'
import type { AchFile } from './ach-file.ts'
import { raise } from './alert.commands.ts'
import { bankOf } from './bank-of.ts'
import { collect } from './cut-off.commands.ts'
import { nextCutOff, type Window, windowFor } from './window.ts'

/** A cut-off that is run later than this was missed: the bank may no longer take its file today. */
const lateMs = 30 * 60_000

/** Puts the next cut-off of a bank on the agenda. */
export async function remindOfCutOff(tx: Tx, bank: OriginatingBank, after: Date): Promise<void> {
  const { at } = nextCutOff(bank, after)
  const payload = { bankId: bank.id, cutOffAt: at.toISOString() }
  await remind(tx, at, 'cut-off', payload, `ach:${bank.id}:cut-off`)
}

/**
 * A cut-off has come: what is authorized is put into files, and the files are built. A cut-off that was missed by more
 * than half an hour is left out, and an operator is told: a file that comes too late would debit on another day than
 * it says.
 */
export async function runCutOff(house: House, bankId: string, cutOffAt: Date): Promise<void> {
  const bank = bankOf(house, bankId)
  const window = windowAt(bank, cutOffAt)
  // Run before its time, by a person, it comes once more at its time.
  await transact(house.sql, (tx) => remindOfCutOff(tx, bank, house.now()))
  const begun = (await listFilesOfCutOff(house.sql, bankId, cutOffAt)).some((file) => madeAtTime(file, cutOffAt))
  if (!window || (!begun && house.now().getTime() - cutOffAt.getTime() > lateMs)) return missed(house, bank, cutOffAt)
  for (let more = true; more; ) more = (await collect(house, bank, window)).more
  const files = await listFilesOfCutOff(house.sql, bankId, cutOffAt)
  await transact(house.sql, async (tx) => {
    for (const { id, status } of files)
      if (status === 'collecting') await ask(tx, 'build-file', { bankId, fileId: id }, `build:${id}`)
  })
}

/** A file that a person made before its time says nothing of whether the cut-off itself has begun. */
const madeAtTime = ({ creationDate, creationTime }: AchFile, cutOffAt: Date): boolean =>
  atEastern(creationDate, creationTime) >= cutOffAt

function windowAt(bank: OriginatingBank, at: Date): Window | undefined {
  const justBefore = new Date(at.getTime() - 1)
  return (['same_day', 'standard'] as const)
    .map((speed) => windowFor(bank, justBefore, speed))
    .find((window) => window?.at.getTime() === at.getTime())
}

function missed(house: House, bank: OriginatingBank, cutOffAt: Date): Promise<void> {
  const says = `The cut-off of ${bank.name} at ${cutOffAt.toISOString()} was missed; its payments go with the next.`
  return transact(house.sql, (tx) =>
    raise(tx, {
      ...{ id: house.newId(), key: `cut-off-missed:${bank.id}:${cutOffAt.toISOString()}`, says },
      at: house.now(),
    }),
  )
}
