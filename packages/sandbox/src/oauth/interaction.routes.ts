import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { errors, type Provider } from 'oidc-provider'
import { listAccounts } from '../banks/account.store.ts'
import type { Bank } from '../banks/bank.ts'
import { findCustomer } from '../banks/customer.store.ts'
import { answerCode, signIn } from '../banks/sign-in.ts'
import type { ConsentRequest } from '../consents/consent.ts'
import { readAuthorization } from '../consents/consent-request.ts'
import { type Form, field, fields, formToken, isOurForm, sendPage } from '../pages/browser.ts'
import { consentPage } from '../pages/consent.page.ts'
import { expired, unavailable } from '../pages/error.page.ts'
import { html } from '../pages/html.ts'
import { appSignInPage, codePage, type Problem } from '../pages/sign-in.page.ts'
import type { World } from '../world.ts'
import { grant } from './grant.ts'

const DAY_MS = 86_400_000

/** What an app asked for, as far as the customer's pages need to know. */
type Visit = Readonly<{
  path: string
  step: 'login' | 'consent'
  uid: string
  clientId: string
  appName: string
  redirectUri: string
  scope: string
  request: ConsentRequest
  customerId: string | undefined
}>

type Uid = { Params: { uid: string }; Body: Form | undefined }

/** The pages between an app's request and its answer: sign-in, perhaps a code, then consent. */
class InteractionPages {
  readonly #world: World
  readonly #bank: Bank
  readonly #provider: Provider

  constructor(world: World, bank: Bank, provider: Provider) {
    this.#world = world
    this.#bank = bank
    this.#provider = provider
  }

  async visit(request: FastifyRequest, reply: FastifyReply): Promise<Visit> {
    const { uid, prompt, params, session } = await this.#provider.interactionDetails(request.raw, reply.raw)
    const scope = String(params.scope ?? '')
    const details = typeof params.authorization_details === 'string' ? params.authorization_details : undefined
    const asked = readAuthorization(scope, details)
    // The authorization server checked it before it sent the customer here.
    if (typeof asked === 'string') throw new errors.InvalidRequest(asked)
    const clientId = String(params.client_id)
    return {
      path: `/${this.#bank.slug}/interaction/${uid}`,
      step: prompt.name === 'login' ? 'login' : 'consent',
      uid,
      clientId,
      appName: this.#world.clients.find((client) => client.clientId === clientId)?.name ?? clientId,
      redirectUri: String(params.redirect_uri),
      scope,
      request: asked,
      customerId: session?.accountId,
    }
  }

  async finish(request: FastifyRequest, reply: FastifyReply, result: object): Promise<FastifyReply> {
    return reply.redirect(await this.#provider.interactionResult(request.raw, reply.raw, { ...result }), 303)
  }

  deny(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    return this.finish(request, reply, { error: 'access_denied', error_description: 'The customer said no.' })
  }

  showSignIn(request: FastifyRequest, reply: FastifyReply, visit: Visit, login = '', problem?: Problem): FastifyReply {
    const token = formToken(this.#world, request, reply)
    const form = { action: `${visit.path}/sign-in`, token, login, problem }
    const body = appSignInPage(this.#bank, visit.appName, form, `${visit.path}/leave`)
    return sendPage(
      reply,
      { title: 'Sign in', bank: this.#bank, body, leadsTo: visit.redirectUri },
      problem ? 422 : 200,
    )
  }

  showCode(
    request: FastifyRequest,
    reply: FastifyReply,
    visit: Visit,
    attemptId: string,
    triesLeft?: number,
  ): FastifyReply {
    const token = formToken(this.#world, request, reply)
    const body = codePage({ action: `${visit.path}/code`, token, attemptId, triesLeft })
    return sendPage(
      reply,
      { title: 'Enter your code', bank: this.#bank, body, leadsTo: visit.redirectUri },
      triesLeft === undefined ? 200 : 422,
    )
  }

  /** Down, but not a dead end: the app hears of it by the customer's own click. */
  showUnavailable(request: FastifyRequest, reply: FastifyReply, visit: Visit): FastifyReply {
    const token = formToken(this.#world, request, reply)
    const next = html`<form method="post" action="${visit.path}/give-up">${token}<button class="primary">Go back to ${visit.appName}</button></form>`
    const body = unavailable(this.#bank, next)
    return sendPage(reply, { title: 'Unavailable', bank: this.#bank, body, leadsTo: visit.redirectUri }, 503)
  }

  giveUp(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const error_description = 'The bank is not available right now.'
    return this.finish(request, reply, { error: 'temporarily_unavailable', error_description })
  }

  async showConsent(request: FastifyRequest, reply: FastifyReply, visit: Visit, chosen?: ReadonlySet<string>) {
    const customer = await findCustomer(this.#world.sql, this.#bank.slug, visit.customerId ?? '')
    if (!customer) throw new errors.SessionNotFound('nobody is signed in')
    const accounts = await listAccounts(this.#world.sql, customer.id)
    const body = consentPage({
      bank: this.#bank,
      appName: visit.appName,
      firstName: customer.firstName,
      request: visit.request,
      accounts,
      chosen: chosen ?? new Set(accounts.map((account) => account.id)),
      until: new Date(this.#world.now().getTime() + visit.request.durationDays * DAY_MS),
      action: `${visit.path}/consent`,
      token: formToken(this.#world, request, reply),
      choosesNone: chosen !== undefined,
    })
    const page = { title: `Connect ${visit.appName}`, bank: this.#bank, body, leadsTo: visit.redirectUri }
    return sendPage(reply, page, chosen ? 422 : 200)
  }

  async signIn(request: FastifyRequest, reply: FastifyReply, visit: Visit, form: Form): Promise<FastifyReply> {
    const login = field(form, 'login')
    const asked = { login, password: field(form, 'password'), boundTo: visit.uid }
    const answer = await signIn(this.#world, this.#bank, asked)
    switch (answer.kind) {
      case 'welcome':
        return this.finish(request, reply, { login: { accountId: answer.customer.id, amr: ['pwd'] } })
      case 'code_needed':
        return this.showCode(request, reply, visit, answer.attemptId)
      case 'bank_offline':
        return this.showUnavailable(request, reply, visit)
      default:
        return this.showSignIn(request, reply, visit, login, answer.kind)
    }
  }

  async code(request: FastifyRequest, reply: FastifyReply, visit: Visit, form: Form): Promise<FastifyReply> {
    const attemptId = field(form, 'attempt')
    const given = { attemptId, code: field(form, 'code'), boundTo: visit.uid }
    const answer = await answerCode(this.#world, this.#bank, given)
    switch (answer.kind) {
      case 'welcome':
        return this.finish(request, reply, { login: { accountId: answer.customer.id, amr: ['pwd', 'otp'] } })
      case 'wrong_code':
        return this.showCode(request, reply, visit, attemptId, answer.triesLeft)
      case 'expired':
        return this.showSignIn(request, reply, visit, '', 'expired')
      case 'locked':
        return this.showSignIn(request, reply, visit, '', 'too_many_codes')
    }
  }

  async decide(request: FastifyRequest, reply: FastifyReply, visit: Visit, form: Form): Promise<FastifyReply> {
    if (field(form, 'decision') !== 'allow') return this.deny(request, reply)
    const customer = await findCustomer(this.#world.sql, this.#bank.slug, visit.customerId ?? '')
    if (!customer) throw new errors.SessionNotFound('nobody is signed in')
    const wanted = new Set(fields(form, 'account'))
    const accounts = (await listAccounts(this.#world.sql, customer.id)).filter((account) => wanted.has(account.id))
    if (accounts.length === 0) return this.showConsent(request, reply, visit, new Set())
    const consent = await grant(this.#world, this.#bank, this.#provider, {
      customer,
      clientId: visit.clientId,
      scope: visit.scope,
      request: visit.request,
      accountIds: accounts.map((account) => account.id),
    })
    return this.finish(request, reply, { consent: { grantId: consent.id } })
  }
}

export const interactionRoutes =
  (world: World, bank: Bank, provider: Provider): FastifyPluginAsync =>
  async (app) => {
    const pages = new InteractionPages(world, bank, provider)
    const path = `/${bank.slug}/interaction/:uid`
    const showExpired = (reply: FastifyReply) => sendPage(reply, { title: 'Expired', bank, body: expired(bank) }, 400)

    app.setErrorHandler((error: Error, request, reply) => {
      if (error instanceof errors.OIDCProviderError) return showExpired(reply)
      world.log.error({ bank: bank.slug, path: request.routeOptions.url, error: error.message }, 'page failed')
      return sendPage(reply, { title: 'Unavailable', bank, body: unavailable(bank) }, 500)
    })

    app.get<Uid>(path, async (request, reply) => {
      const visit = await pages.visit(request, reply)
      return visit.step === 'login' ? pages.showSignIn(request, reply, visit) : pages.showConsent(request, reply, visit)
    })

    type Step = (request: FastifyRequest, reply: FastifyReply, visit: Visit, form: Form) => Promise<FastifyReply>
    /** A form of the step the customer is really at; anything else is an old page sent again. */
    const post = (name: string, step: Visit['step'] | undefined, then: Step) =>
      app.post<Uid>(`${path}/${name}`, async (request, reply) => {
        const form = request.body ?? {}
        const visit = await pages.visit(request, reply)
        if (!isOurForm(world, request, form) || (step && visit.step !== step)) return showExpired(reply)
        return then(request, reply, visit, form)
      })
    post('sign-in', 'login', (...given) => pages.signIn(...given))
    post('code', 'login', (...given) => pages.code(...given))
    post('consent', 'consent', (...given) => pages.decide(...given))
    post('leave', undefined, (request, reply) => pages.deny(request, reply))
    post('give-up', undefined, (request, reply) => pages.giveUp(request, reply))
  }
