/** Seconds of each part, beside the yardstick's, and the most memory the process held. */
export type Took = Readonly<{
  collect: number
  build: number
  send: number
  cutOffBare: number
  store: number
  apply: number
  reportsBare: number
  mbBefore: number
  mbMost: number
  fileBytes: number
}>
