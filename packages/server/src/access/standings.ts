import type { House } from '../house.ts'
import { readStandings, type Standing, type StandingQuestion } from './access.store.ts'
import type { AccessToken } from './access-token.ts'
import { type Believed, believe } from './believed.ts'
import type { AccessChange } from './changes.ts'

export type Standings = Readonly<{
  of(token: AccessToken): Standing | Promise<Standing>
  changed(change: AccessChange): void
}>

/** What is still true of signed tokens: not revoked, key not withdrawn, client and merchant active. */
export function openStandings(house: Pick<House, 'sql' | 'realNow'>, most: number): Standings {
  const believed: Believed<StandingQuestion, Standing> = believe(
    (questions) => readStandings(house.sql, questions, house.realNow()),
    most,
  )
  return {
    of: (token) => believed.get(token.jti, token),
    changed: ({ kind, id }) =>
      believed.doubt((question) => {
        if (kind === 'token') return question.jti === id
        if (kind === 'client') return question.clientId === id
        if (kind === 'merchant') return question.merchantId === id
        return true
      }),
  }
}

/** Why a token whose signature is good is not accepted all the same; undefined: it is accepted. */
export function objection(standing: Standing): string | undefined {
  if (standing.revoked) return 'revoked'
  if (!standing.keyStands) return 'key_withdrawn'
  if (!standing.clientLives) return 'client_disabled'
  if (!standing.merchantLives) return 'merchant_suspended'
  return undefined
}
