import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartProblem } from '../../kernel/start-problem.ts'

/** A login that is kept. */
export type Profile = Readonly<{
  apiUrl: string
  clientId: string
  clientSecret: string
  /** Of the hosted flow. Only `rialto trigger` needs it. */
  clientUrl?: string
}>

type Kept = {
  inUse: string | null
  profiles: Map<string, Profile>
  /** What `rialto listen` signs with. */
  signingSecret: string | null
}

/** Stands for the deployment that runs on this data folder. */
export const localName = 'local'
export const usualName = 'default'

export type Profiles = Readonly<{
  file: string
  inUse(): string | null
  list(): readonly (readonly [name: string, profile: Profile])[]
  find(name: string): Profile | undefined
  /** Puts it in use as well. */
  save(name: string, profile: Profile): void
  use(name: string | null): void
  /** Answers whether there was one. */
  remove(name: string): boolean
  /** The same one always, made the first time. */
  signingSecret(make: () => string): string
}>

/** Logins in a file that nobody but its owner may read. Throws a StartProblem if the file cannot be understood. */
export function openProfiles(folder: string): Profiles {
  const file = join(folder, 'config.json')
  const change = <T>(how: (kept: Kept) => T): T => {
    const kept = read(file)
    const answer = how(kept)
    writePrivately(folder, file, { ...kept, profiles: Object.fromEntries(kept.profiles) })
    return answer
  }
  return {
    file,
    inUse: () => read(file).inUse,
    list: () => [...read(file).profiles],
    find: (name) => read(file).profiles.get(name),
    save: (name, profile) =>
      change((kept) => {
        kept.profiles.set(name, profile)
        kept.inUse = name
      }),
    use: (name) =>
      change((kept) => {
        kept.inUse = name
      }),
    remove: (name) =>
      change((kept) => {
        if (kept.inUse === name) kept.inUse = null
        return kept.profiles.delete(name)
      }),
    signingSecret: (make) =>
      read(file).signingSecret ??
      change((kept) => {
        kept.signingSecret ??= make()
        return kept.signingSecret
      }),
  }
}

/** All of it or nothing: whoever reads meanwhile sees what was there before. */
export function writePrivately(folder: string, file: string, content: unknown): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const draft = `${file}.new`
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  renameSync(draft, file)
}

function read(file: string): Kept {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return { inUse: null, profiles: new Map(), signingSecret: null }
    throw new StartProblem(`${file} could not be read: ${(error as Error).message}.`, { cause: error })
  }
  try {
    const { inUse, profiles, signingSecret } = JSON.parse(text) as Record<string, unknown>
    const known = Object.entries((profiles ?? {}) as Record<string, Profile>)
    if (known.some(([, one]) => !one.apiUrl || !one.clientId || !one.clientSecret)) throw new Error('not whole')
    return {
      inUse: typeof inUse === 'string' ? inUse : null,
      profiles: new Map(known),
      signingSecret: typeof signingSecret === 'string' ? signingSecret : null,
    }
  } catch {
    // Without the reason: it may quote what is in the file.
    throw new StartProblem(`${file} is not as rialto login writes it; remove it and log in again.`)
  }
}
