import { Resolver } from 'node:dns/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isThisMachine } from './endpoint-url.ts'

/** The addresses of a name, IPv4 and IPv6. Throws when there are none. */
export type Resolve = (name: string) => Promise<readonly string[]>

/** When one kind of address is there, so much longer is waited for the other: some servers never answer for IPv6. */
const latecomerMs = 500

/**
 * Asks DNS servers, those of this machine if none are named, for both kinds of address. Not `dns.lookup`: that holds
 * one of the process's four threads for as long as a name's server keeps silent, and a merchant chooses the name.
 */
export function openNames(servers?: readonly string[]): Readonly<{ resolve: Resolve; close(): void }> {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 })
  if (servers) resolver.setServers(servers)
  return {
    async resolve(name) {
      if (isThisMachine(name)) return ['127.0.0.1', '::1']
      const found: string[] = []
      const asked = [resolver.resolve4(name), resolver.resolve6(name)].map(async (answer) => {
        found.push(...(await answer))
      })
      await Promise.any(asked).catch(({ errors }: AggregateError) => {
        throw errors[0]
      })
      await Promise.race([Promise.allSettled(asked), sleep(latecomerMs, undefined, { ref: false })])
      return [...found]
    },
    close: () => resolver.cancel(),
  }
}
