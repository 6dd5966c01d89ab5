import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { Provider } from 'oidc-provider'
import { listAccounts } from '../banks/account.store.ts'
import { apiOf, type Bank, issuerOf } from '../banks/bank.ts'
import type { Customer } from '../banks/customer.store.ts'
import { answerCode, signIn } from '../banks/sign-in.ts'
import type { Client } from '../config.ts'
import { readAuthorization } from '../consents/consent-request.ts'
import type { World } from '../world.ts'
import type { ClientAuthentication } from './client-assertion.ts'
import { grant, scopeOf } from './grant.ts'

type Form = Readonly<Record<string, string | undefined>>

/** What the client wants when the sign-in is done; kept while the customer looks for a code. */
type Wish = Readonly<{
  scope: string
  codeChallenge: string
  redirectUri: string
  nonce: string | undefined
  authorizationDetails: string | undefined
}>

const fail = (reply: FastifyReply, status: number, error: string, description: string, more: object = {}) =>
  reply.code(status).send({ error, error_description: description, ...more })

function readWish(form: Form, client: Client): Wish | string {
  if (form.code_challenge_method !== 'S256' || !/^[\w-]{43}$/.test(form.code_challenge ?? ''))
    return 'code_challenge with code_challenge_method=S256 is required'
  if (!client.redirectUris.includes(form.redirect_uri ?? '')) return 'redirect_uri is not registered'
  if (!form.scope?.split(' ').includes('openid')) return 'scope must include openid'
  const request = readAuthorization(form.scope, form.authorization_details)
  if (typeof request === 'string') return request
  if (request.clusters.length === 0) return 'scope names nothing that can be read here'
  return {
    scope: form.scope,
    codeChallenge: form.code_challenge ?? '',
    redirectUri: form.redirect_uri ?? '',
    nonce: form.nonce,
    authorizationDetails: form.authorization_details,
  }
}

/** The consent of a customer who signed in inside the client's own pages covers all their accounts. */
async function issueCode(world: World, bank: Bank, provider: Provider, who: Client, customer: Customer, wish: Wish) {
  const request = readAuthorization(wish.scope, wish.authorizationDetails)
  const client = await provider.Client.find(who.clientId)
  if (typeof request === 'string' || !client) throw new Error('broken promise: a stored wish was checked before')
  const accountIds = (await listAccounts(world.sql, customer.id)).map((account) => account.id)
  const consent = await grant(world, bank, provider, {
    customer,
    clientId: who.clientId,
    scope: wish.scope,
    request,
    accountIds,
  })
  const signedIn = ['openid', 'offline_access'].filter((name) => wish.scope.split(' ').includes(name))
  const code = new provider.AuthorizationCode({
    client,
    accountId: customer.id,
    grantId: consent.id,
    gty: 'authorization_code',
    scope: [...signedIn, scopeOf(request)].join(' '),
    resource: apiOf(world.url, bank),
    redirectUri: wish.redirectUri,
    codeChallenge: wish.codeChallenge,
    codeChallengeMethod: 'S256',
    nonce: wish.nonce,
    authTime: Math.floor(world.realNow().getTime() / 1000),
    rar: (await provider.Grant.find(consent.id))?.rar,
  })
  return { authorization_code: await code.save() }
}

/**
 * The challenge endpoint of OAuth 2.0 for First-Party Applications: login and password, then perhaps a code, and in
 * the end an authorization code that the ordinary token endpoint exchanges.
 */
export const challengeRoutes =
  (world: World, bank: Bank, provider: Provider, authenticate: ClientAuthentication): FastifyPluginAsync =>
  async (app) => {
    const issuer = issuerOf(world.url, bank)
    const endpoint = `${issuer}/authorization-challenge`

    const password = async (form: Form, client: Client, reply: FastifyReply) => {
      if (!form.username || !form.password)
        return fail(reply, 400, 'invalid_request', 'username and password are required')
      const wish = readWish(form, client)
      if (typeof wish === 'string') return fail(reply, 400, 'invalid_request', wish)
      const asked = { login: form.username, password: form.password, boundTo: client.clientId, request: wish }
      const answer = await signIn(world, bank, asked)
      switch (answer.kind) {
        case 'welcome':
          return issueCode(world, bank, provider, client, answer.customer, wish)
        case 'wrong_password':
          return fail(reply, 400, 'invalid_credentials', 'User name or password is not right.')
        case 'locked':
          return fail(reply, 403, 'account_locked', 'The bank has locked this account.')
        case 'bank_offline':
          return fail(reply, 503, 'temporarily_unavailable', 'The bank is not available right now.')
        case 'code_needed':
          return fail(reply, 400, 'insufficient_authorization', 'The bank sent the customer a code.', {
            auth_session: answer.attemptId,
            challenge: { type: 'otp', prompt: `Enter the code ${bank.name} sent to your phone.`, digits: 6 },
          })
      }
    }

    const code = async (form: Form, client: Client, reply: FastifyReply) => {
      const attemptId = form.auth_session ?? ''
      const answer = await answerCode(world, bank, { attemptId, code: form.otp ?? '', boundTo: client.clientId })
      switch (answer.kind) {
        case 'welcome':
          return issueCode(world, bank, provider, client, answer.customer, answer.request as Wish)
        case 'wrong_code':
          return fail(reply, 400, 'invalid_otp', 'The code is not right.', { auth_session: attemptId })
        case 'expired':
          return fail(reply, 400, 'expired_otp', 'The code is too old. Sign in again.')
        case 'locked':
          return fail(reply, 403, 'account_locked', 'Too many wrong codes. Sign in again.')
      }
    }

    app.post<{ Body: Form | undefined }>(`/${bank.slug}/authorization-challenge`, async (request, reply) => {
      const form = request.body ?? {}
      reply.header('Cache-Control', 'no-store')
      const client = await authenticate(provider, form, [issuer, endpoint, `${issuer}/token`])
      if (!client) return fail(reply, 401, 'invalid_client', 'Client authentication failed.')
      const answer = form.auth_session ? await code(form, client, reply) : await password(form, client, reply)
      return answer
    })
  }
