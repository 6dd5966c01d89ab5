/** What a clock that may be turned shows. */
export type ClockReading = Readonly<{
  now: Date
  /** It shows the same instant until it is turned or let run. */
  standing: boolean
  /** Under way, in this process or another. */
  advance: Span | null
}>

export type Span = Readonly<{ from: Date; to: Date }>

/** House time in a deployment where it may be turned. It is one clock for all processes, and it never turns back. */
export type TurnableClock = Readonly<{
  now(): Date
  read(): ClockReading
  /** Makes it stand where it is, or run on from there. Refuses: clock_advancing. */
  stand(standing: boolean): Promise<void>
  /** Stops it, for the caller alone to turn. Refuses: clock_advancing. */
  take(to: Date): Promise<ClockHand>
  /** Learns what another process may have done to it. */
  refresh(): Promise<void>
}>

/** The one hand on a clock that was taken. */
export type ClockHand = Readonly<{
  /** Forward; it stands there. Throws when the clock was lost to somebody else. */
  turnTo(at: Date): Promise<void>
  /** From here on it stands or runs by itself. May be called again. */
  letGo(standing: boolean): Promise<void>
}>
