const live = process.stdout.isTTY === true
const plainEveryMs = 30_000

export const seconds = (since: number): string => {
  const total = Math.round((Date.now() - since) / 1_000)
  return total < 60 ? `${total} s` : `${Math.floor(total / 60)} min ${total % 60} s`
}

/** Writes a line where the moving one may be. */
export function say(line: string): void {
  console.log(live ? `\r\x1b[K${line}` : line)
}

/**
 * One line for each piece of work when it ends, with how long it took, and until then one line that says what is
 * running: a moving one on a terminal, a plain one every half minute everywhere else.
 */
export function progress(): Readonly<{ during<T>(what: string, work: () => Promise<T>): Promise<T> }> {
  const running = new Map<string, number>()
  const show = () => {
    const line = [...running].map(([what, since]) => `${what} (${seconds(since)})`).join(', ')
    if (live) process.stdout.write(`\r\x1b[K${`… ${line}`.slice(0, (process.stdout.columns || 80) - 1)}`)
    else console.log(`  … ${line}`)
  }
  let ticker: NodeJS.Timeout | undefined

  return {
    async during(what, work) {
      const began = Date.now()
      running.set(what, began)
      ticker ??= setInterval(show, live ? 250 : plainEveryMs)
      const end = (mark: string) => {
        say(`${mark} ${what} (${seconds(began)})`)
      }
      try {
        const result = await work()
        end('✓')
        return result
      } catch (error) {
        end('✗')
        throw error
      } finally {
        running.delete(what)
        if (running.size === 0) {
          clearInterval(ticker)
          ticker = undefined
        }
      }
    },
  }
}
