import { DropProblem } from '../file-drop.ts'

/** Short enough that a temporary name and a name in `done/` fit into the 255 bytes that file systems allow. */
const longestBytes = 200
const invisible = /[\p{C}\p{Zl}\p{Zp}\ufffd]/u
const pathTricks = /[/\\]/
const temporary = /^\.|~$|\.(part|filepart|tmp|temp)$/i

/** Below the incoming folder: where stored files go. */
export const doneFolder = 'done'

/**
 * Whether a name can only be that of a file in its folder, can be printed, and is not one under which files are still
 * being written. A name that is no UTF-8 arrives with U+FFFD in it and would not be found again.
 */
export const isPlainName = (name: string): boolean =>
  name !== '' &&
  name === name.trim() &&
  name.toLowerCase() !== doneFolder &&
  Buffer.byteLength(name) <= longestBytes &&
  ![invisible, pathTricks, temporary].some((pattern) => pattern.test(name))

/** Refuses a name that no listing would hold. */
export function checkName(name: string): void {
  if (!isPlainName(name)) throw new DropProblem('bad_name', `'${shown(name)}' is not a plain file name.`)
}

/** Refuses content over the cap. */
export function checkSize(name: string, size: number, maxBytes: number): void {
  if (size <= maxBytes) return
  const both = `${size.toLocaleString('en-US')} bytes; at most ${maxBytes.toLocaleString('en-US')}`
  throw new DropProblem('too_large', `${shown(name)} has ${both} are handled (the setting maxBytes).`)
}

/** The same at each try, so that what a failed try left behind is found and overwritten. */
export const temporaryName = (name: string): string => `.${name}.part`

/** The names a stored file may get in `done/`, in order: a bank may use the same name every day. */
export function* namesWhenDone(name: string, modifiedAtSeconds: number): Generator<string> {
  yield name
  const dated = `${name}.${Math.max(0, Math.floor(modifiedAtSeconds))}`
  yield dated
  for (let number = 2; number <= 50; number++) yield `${dated}.${number}`
}

/** A name, or what the other side said, as it may stand in a log: cut, and what cannot be seen is spelt out. */
export const shown = (text: string): string =>
  text
    .slice(0, 255)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`)
