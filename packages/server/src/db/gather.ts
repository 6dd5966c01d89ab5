/** What came of one item: its result, or what is thrown to the one who asked. */
export type Outcome<O> = Readonly<{ value: O }> | Readonly<{ refused: unknown }>

type Waiting<I, O> = { item: I; done: (value: O) => void; fail: (error: unknown) => void }

/**
 * Lets concurrent callers share one transaction: while `lanes` batches are under way, newcomers wait and then go
 * together, at most `most` at a time. A lone caller goes at once. One caller's broken item never breaks another's: when
 * a batch throws, its items are tried one by one.
 */
export function gather<I, O>(
  work: (items: readonly I[]) => Promise<readonly Outcome<O>[]>,
  { most, lanes }: { most: number; lanes: number },
): (item: I) => Promise<O> {
  const waiting: Waiting<I, O>[] = []
  let busy = 0

  async function run(batch: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const outcomes = await work(batch.map(({ item }) => item))
      batch.forEach(({ done, fail }, index) => {
        const outcome = outcomes[index]
        if (!outcome) fail(new Error('broken promise: a batch answers every item'))
        else if ('value' in outcome) done(outcome.value)
        else fail(outcome.refused)
      })
    } catch (error) {
      if (batch.length === 1) batch[0]?.fail(error)
      else for (const one of batch) await run([one])
    }
  }

  function start(): void {
    while (busy < lanes && waiting.length > 0) {
      busy++
      void run(waiting.splice(0, most)).finally(() => {
        busy--
        start()
      })
    }
  }

  return (item) =>
    new Promise<O>((done, fail) => {
      waiting.push({ item, done, fail })
      // Requests that arrive in the same turn of the event loop go together.
      if (waiting.length === 1) setImmediate(start)
    })
}
