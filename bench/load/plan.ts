/** What the load generator is told, as JSON on its standard input. */
export type Plan = Readonly<{
  port: number
  /** The head up to, not including, content-length. */
  head: string
  /** `{n}` is a number no other request has, `{c}` the customer's number as twelve hex digits. */
  body: string
  customers: number
  /** What every answer must hold, beside status 200. */
  expect: string
  connections: number
  warmSeconds: number
  seconds: number
  /** Undefined: each connection asks again as soon as it is answered. Otherwise requests are due at this rate. */
  rate?: number
}>

export type Result = Readonly<{
  /** Every good answer, those of the warm-up and after the last bell included. */
  answered: number
  bad: number
  firstBad: string
  perSecond: number
  /** From the moment a request was due, not from when a connection was free for it. */
  p50: number
  p99: number
  most: number
  processorSeconds: number
}>

/** The load generator stops itself before this. */
export const limitMs = ({ warmSeconds, seconds }: Plan): number => (warmSeconds + seconds + 20) * 1_000
