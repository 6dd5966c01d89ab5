/** A token and for how long it is good. */
export type Granted = Readonly<{ token: string; expiresInSeconds: number }>

export type Tokens = Readonly<{
  /** A token that is good now. Whoever asks while one is being fetched waits for the same one. */
  current(): Promise<string>
  /** This token is no longer taken: the next one who asks gets another. */
  forget(token: string): void
}>

/** A token is replaced this long before it expires, or, if it lives shortly, after half of its life. */
const marginMs = 60_000

export function openTokens(fetchToken: () => Promise<Granted>, now: () => Date): Tokens {
  let kept: { token: string; goodUntil: number } | undefined
  let coming: Promise<string> | undefined

  async function renew(): Promise<string> {
    const { token, expiresInSeconds } = await fetchToken()
    const lifeMs = expiresInSeconds * 1000
    kept = { token, goodUntil: now().getTime() + Math.max(lifeMs - marginMs, lifeMs / 2) }
    return token
  }

  return {
    async current() {
      if (kept && now().getTime() < kept.goodUntil) return kept.token
      coming ??= renew().finally(() => {
        coming = undefined
      })
      return coming
    },
    forget(token) {
      // Somebody else may have replaced it already.
      if (kept?.token === token) kept = undefined
    },
  }
}
