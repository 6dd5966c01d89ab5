/**
 * Where files are handed to a bank and fetched from it. Names are plain file names, never paths.
 *
 * Every call is bounded in time, refuses to be made inside a transaction, and throws only DropProblem. Calls of one
 * drop take turns. Of several processes, one at a time may put or move a given file: the caller's job sees to that.
 */
export type FileDrop = Readonly<{
  /** For logs: 'folder' or 'sftp'. */
  readonly name: string
  /**
   * Puts a file where the other side takes it, whole or not at all: it is written under a temporary name, then renamed.
   * The same name with the same bytes again is fine; with other bytes it is refused (`differs`). What an upload that
   * died left behind is overwritten by the next.
   *
   * A file that the other side has already taken away is not known here and is put again: that it was sent, and that it
   * must not be sent twice, is for the caller to remember. After `unreachable` the file may be there or not.
   *
   * Refuses: bad_name, too_large, differs, refused, unreachable.
   */
  put(name: string, content: Uint8Array): Promise<'put' | 'already_there'>
  /**
   * What the other side has left for us: the first 1,000 by name. Names that are not plain (path tricks, control
   * characters, dot files, temporary files, over 200 bytes) and what is no file (directories, symbolic links) are never
   * listed. They are reported in `strange`, control characters spelt out, 1,000 at most. Refuses: refused, unreachable.
   */
  list(): Promise<Listing>
  /**
   * The bytes of a listed file. One over the cap is refused before it is read; one that changed while it was read is
   * refused with `differs`. Refuses: bad_name, not_found, too_large, differs, refused, unreachable.
   */
  get(name: string): Promise<Uint8Array>
  /**
   * Moves a file that has been stored out of the way, into `done/`. Gone already: nothing to do. If `done/` has one of
   * that name, both are kept. Refuses: bad_name, refused, unreachable.
   */
  done(name: string): Promise<void>
  /** Waits for the calls under way and lets go of the connection. Every later call is refused. May be called again. */
  close(): Promise<void>
}>

export type Listing = Readonly<{
  files: readonly Readonly<{ name: string; size: number }>[]
  strange: readonly string[]
}>

/**
 * `unreachable` may pass by itself: try again later. `refused`, an operator must look: host key, password, permissions,
 * folders. The others are about one file.
 */
export type DropProblemKind = 'unreachable' | 'refused' | 'too_large' | 'differs' | 'not_found' | 'bad_name'

/** What a file drop could not do, in a sentence an operator can act on. It holds no key, password or content. */
export class DropProblem extends Error {
  override name = 'DropProblem'
  readonly kind: DropProblemKind
  constructor(kind: DropProblemKind, sentence: string) {
    super(sentence)
    this.kind = kind
  }
}

/** Larger files are refused, unless the settings say otherwise. */
export const defaultMaxBytes = 200_000_000
/** How many files one listing names at most. */
export const maxListed = 1_000
