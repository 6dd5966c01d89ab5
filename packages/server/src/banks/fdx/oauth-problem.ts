import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client'

/** What went wrong between us and an authorization server, with a word that may be logged. */
type OAuthProblem = Readonly<{
  /** `refused`: it said no, and `word` is its error code. `forged`: a signed claim is not the one we asked for. */
  kind: 'refused' | 'forged' | 'unavailable'
  word: string
}>

/**
 * Sorts what openid-client throws. Its errors carry whole answers, tokens included, so they end here: only a word goes
 * on. What is not the bank's doing is thrown again.
 */
export function oauthProblem(error: unknown): OAuthProblem {
  if (error instanceof ResponseBodyError || error instanceof AuthorizationResponseError)
    return { kind: 'refused', word: errorWord(error.error) }
  if (error instanceof WWWAuthenticateChallengeError) return { kind: 'refused', word: 'invalid_client' }
  if (error instanceof ClientError) {
    const word = errorWord(error.code ?? 'silent')
    return { kind: word === 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' ? 'forged' : 'unavailable', word }
  }
  // A discovery document may name an issuer that is no address at all.
  if (error instanceof TypeError && 'code' in error && error.code === 'ERR_INVALID_URL')
    return { kind: 'unavailable', word: 'ERR_INVALID_URL' }
  throw error
}

/** An error code of a bank, if it looks like one: texts of strangers do not go into our logs. */
export const errorWord = (text: string): string => (/^[A-Za-z_]{1,60}$/.test(text) ? text : 'unknown')
