import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Linux tells the memory and the processor time of a process; elsewhere these are undefined and shown as a dash. */
const read = (pid: number, file: string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}

const kilobytes = (text: string | undefined, name: string): number | undefined => {
  const found = text?.match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))
  return found ? Number(found[1]) / 1_024 : undefined
}

/** Resident memory, in MB. */
export const residentMb = (pid: number): number | undefined => kilobytes(read(pid, 'status'), 'VmRSS')

/** The most it ever was, in MB. */
export const mostResidentMb = (pid: number): number | undefined => kilobytes(read(pid, 'status'), 'VmHWM')

/** Everything after the command's name, which may itself hold spaces. */
const statOf = (pid: number): string[] =>
  read(pid, 'stat')
    ?.replace(/^.*\) /s, '')
    .split(' ') ?? []

/** A process and its children. */
function family(parent: number): number[] {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    return [parent, ...pids.map(Number).filter((pid) => Number(statOf(pid)[1]) === parent)]
  } catch {
    return [parent]
  }
}

export const postmasterOf = (dataDir: string): number =>
  Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])

/** PostgreSQL's processes share most of their memory; each shared page is counted once in all (PSS). */
export function familyMb(parent: number): number | undefined {
  const parts = family(parent).map((pid) => kilobytes(read(pid, 'smaps_rollup'), 'Pss'))
  return parts[0] === undefined ? undefined : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0)
}

const ticksPerSecond = 100

/** Processor seconds used so far, by one process. */
export function processorSeconds(pid: number): number {
  const stat = statOf(pid)
  return (Number(stat[11] ?? 0) + Number(stat[12] ?? 0)) / ticksPerSecond
}

/** The same of a process and its children, those that have ended included. */
export const familySeconds = (parent: number): number => {
  const own = statOf(parent)
  const gone = (Number(own[13] ?? 0) + Number(own[14] ?? 0)) / ticksPerSecond
  return family(parent).reduce((sum, pid) => sum + processorSeconds(pid), gone)
}
