import { maxListed } from '../file-drop.ts'
import { doneFolder, isPlainName, shown } from './names.ts'

/** What a folder holds, before it is judged. */
export type Entry = Readonly<{ name: string; kind: 'file' | 'directory' | 'other' }>

/**
 * What may be taken from a folder, first names first, and what is strange in it. Both are bounded, and so is what is
 * held on the way: the other side decides how much it lists.
 */
export async function sortOut<T extends Entry>(
  entries: AsyncIterable<T> | Iterable<T>,
): Promise<{ files: T[]; strange: string[] }> {
  const files: T[] = []
  const strange: string[] = []
  for await (const entry of entries) {
    if (entry.name === doneFolder && entry.kind === 'directory') continue
    if (entry.kind === 'file' && isPlainName(entry.name)) {
      files.push(entry)
      if (files.length >= 2 * maxListed) keepFirst(files)
    } else if (strange.length < maxListed) strange.push(shown(entry.name))
  }
  keepFirst(files)
  return { files, strange: strange.sort() }
}

function keepFirst(files: Entry[]): void {
  files.sort((a, b) => (a.name < b.name ? -1 : 1))
  files.length = Math.min(files.length, maxListed)
}
