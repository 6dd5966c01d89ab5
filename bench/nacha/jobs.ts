/** What a codec can be asked for. What it cannot do is not there. */
export type Job = Readonly<{
  /** A file of so many debits. */
  write: (count: number) => Promise<string>
  /** How many entries a file has, each of them read. */
  read?: (text: string) => Promise<number>
  validate?: (text: string) => Promise<number>
}>

/** Entries per second of processor time of one thread; the rules that the written file breaks. */
export type Measured = Readonly<{ perSecond: number; peakMb: number; rules: readonly string[] }>
