/** How long each run lasts, and how often ours and the yardstick take turns. */
export type Effort = Readonly<{ seconds: number; rounds: number }>
