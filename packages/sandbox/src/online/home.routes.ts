import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Bank } from '../banks/bank.ts'
import type { Customer } from '../banks/customer.store.ts'
import { answerCode, signIn } from '../banks/sign-in.ts'
import { browserOf, type Form, field, formToken, isOurForm, sendPage } from '../pages/browser.ts'
import { unavailable } from '../pages/error.page.ts'
import { helpPage, homePage } from '../pages/home.page.ts'
import { codePage, type Problem } from '../pages/sign-in.page.ts'
import type { World } from '../world.ts'
import { endSession, openSession } from './session.ts'

type Posted = { Body: Form | undefined }

/** The pages a visitor may be shown on the way in. */
function doorPages(world: World, bank: Bank, request: FastifyRequest, reply: FastifyReply) {
  const token = formToken(world, request, reply)
  return {
    home(login = '', problem?: Problem): FastifyReply {
      const form = { action: `/${bank.slug}/sign-in`, token, login, problem }
      return sendPage(reply, { title: 'Welcome', bank, body: homePage(bank, form) }, problem ? 422 : 200)
    },
    code(attemptId: string, triesLeft?: number): FastifyReply {
      const body = codePage({ action: `/${bank.slug}/sign-in/code`, token, attemptId, triesLeft })
      return sendPage(reply, { title: 'Enter your code', bank, body }, triesLeft === undefined ? 200 : 422)
    },
    unavailable: (): FastifyReply => sendPage(reply, { title: 'Unavailable', bank, body: unavailable(bank) }, 503),
    async inside(customer: Customer): Promise<FastifyReply> {
      await openSession(world, bank, reply, customer)
      return reply.redirect(`/${bank.slug}/online`, 303)
    },
  }
}

async function takePassword(world: World, bank: Bank, request: FastifyRequest, reply: FastifyReply, form: Form) {
  const pages = doorPages(world, bank, request, reply)
  const login = field(form, 'login')
  const boundTo = browserOf(world, request, reply)
  const answer = await signIn(world, bank, { login, password: field(form, 'password'), boundTo })
  switch (answer.kind) {
    case 'welcome':
      return pages.inside(answer.customer)
    case 'code_needed':
      return pages.code(answer.attemptId)
    case 'bank_offline':
      return pages.unavailable()
    default:
      return pages.home(login, answer.kind)
  }
}

async function takeCode(world: World, bank: Bank, request: FastifyRequest, reply: FastifyReply, form: Form) {
  const pages = doorPages(world, bank, request, reply)
  const attemptId = field(form, 'attempt')
  const boundTo = browserOf(world, request, reply)
  const answer = await answerCode(world, bank, { attemptId, code: field(form, 'code'), boundTo })
  switch (answer.kind) {
    case 'welcome':
      return pages.inside(answer.customer)
    case 'wrong_code':
      return pages.code(attemptId, answer.triesLeft)
    default:
      return pages.home('', answer.kind === 'expired' ? 'expired' : 'too_many_codes')
  }
}

/** The bank's front page, and the way in and out of online banking. A form that is not ours leads back to the start. */
export const homeRoutes =
  (world: World, bank: Bank): FastifyPluginAsync =>
  async (app) => {
    const base = `/${bank.slug}`
    app.get(base, (request, reply) => doorPages(world, bank, request, reply).home())
    app.get(`${base}/`, (_request, reply) => reply.redirect(base, 308))
    app.get(`${base}/help`, (_request, reply) =>
      sendPage(reply, { title: 'Help with signing in', bank, body: helpPage(bank) }),
    )

    app.post<Posted>(`${base}/sign-in`, async (request, reply) => {
      const form = request.body ?? {}
      return isOurForm(world, request, form)
        ? takePassword(world, bank, request, reply, form)
        : reply.redirect(base, 303)
    })

    app.post<Posted>(`${base}/sign-in/code`, async (request, reply) => {
      const form = request.body ?? {}
      return isOurForm(world, request, form) ? takeCode(world, bank, request, reply, form) : reply.redirect(base, 303)
    })

    app.post<Posted>(`${base}/sign-out`, async (request, reply) => {
      if (isOurForm(world, request, request.body ?? {})) await endSession(world, bank, request, reply)
      return reply.redirect(base, 303)
    })
  }
