import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { listAccounts } from '../banks/account.store.ts'
import type { Account } from '../banks/account.ts'
import type { Bank } from '../banks/bank.ts'
import type { Customer } from '../banks/customer.store.ts'
import { disputableUntil, disputePayment, findPayment, type PaymentView } from '../fed/dispute.ts'
import type { Fed } from '../fed/fed.ts'
import { deleteStop, insertStop } from '../fed/stop.store.ts'
import { type Form, field, formToken, isOurForm, sendPage } from '../pages/browser.ts'
import { notFound } from '../pages/error.page.ts'
import type { Html } from '../pages/html.ts'
import { onlineNav } from '../pages/online.page.ts'
import {
  disputePage,
  LONGEST_STORY,
  type PaymentForm,
  statementOf,
  stopPage,
  tooLatePage,
} from '../pages/payment.page.ts'
import type { World } from '../world.ts'
import { customerOf } from './session.ts'

type Posted = { Body: Form | undefined; Params: { id: string; payment: string } }
type Subject = Readonly<{ customer: Customer; account: Account; payment: PaymentView }>

/** Who is signed in, which of their accounts, and which of its payments. A reply means that it was sent already. */
async function findSubject(
  world: World,
  bank: Bank,
  request: FastifyRequest<Posted>,
  reply: FastifyReply,
): Promise<Subject | FastifyReply> {
  const customer = await customerOf(world, bank, request)
  if (!customer) return reply.redirect(`/${bank.slug}`, 303)
  const { id, payment: transactionId } = request.params
  const account = (await listAccounts(world.sql, customer.id)).find((one) => one.id === id)
  const payment = account && (await findPayment(world.sql, account.id, transactionId))
  if (!account || !payment) return sendPage(reply, { title: 'Not found', bank, body: notFound(bank) }, 404)
  return { customer, account, payment }
}

const isReply = (found: Subject | FastifyReply): found is FastifyReply => 'raw' in found

/** What a customer does about a debit that came by ACH: dispute it, or stop the company from taking more. */
export const paymentRoutes =
  (world: World, bank: Bank, fed: Fed): FastifyPluginAsync =>
  async (app) => {
    const accounts = `/${bank.slug}/online/accounts`
    const path = `${accounts}/:id/payments/:payment`

    const formOf = (request: FastifyRequest, reply: FastifyReply, subject: Subject): PaymentForm => ({
      bank,
      account: subject.account,
      payment: subject.payment,
      holder: `${subject.customer.firstName} ${subject.customer.lastName}`,
      token: formToken(world, request, reply),
      until: disputableUntil(subject.payment, world.now()),
      unsigned: false,
      story: '',
    })
    const show = (reply: FastifyReply, form: PaymentForm, title: string, body: Html, status = 200): FastifyReply =>
      sendPage(reply, { title, bank, nav: onlineNav(bank, form.token, 'accounts'), body }, status)
    const stop = ({ payment }: Subject): Promise<void> => insertStop(world.sql, { ...payment, at: world.now() })

    app.get<Posted>(`${path}/dispute`, async (request, reply) => {
      const subject = await findSubject(world, bank, request, reply)
      if (isReply(subject)) return subject
      const form = formOf(request, reply, subject)
      return form.until
        ? show(reply, form, 'Dispute a payment', disputePage(form))
        : show(reply, form, 'Too late', tooLatePage(form), 409)
    })

    app.post<Posted>(`${path}/dispute`, async (request, reply) => {
      const subject = await findSubject(world, bank, request, reply)
      if (isReply(subject)) return subject
      const given = request.body ?? {}
      const home = `${accounts}/${subject.account.id}`
      if (!isOurForm(world, request, given)) return reply.redirect(home, 303)
      const story = field(given, 'story').trim().slice(0, LONGEST_STORY)
      const form = { ...formOf(request, reply, subject), story }
      if (field(given, 'signed') !== 'yes')
        return show(reply, form, 'Dispute a payment', disputePage({ ...form, unsigned: true }), 422)
      const statement = `${statementOf(form)}${story && ` ${story}`}`
      const disputed = { accountId: subject.account.id, transactionId: subject.payment.transactionId, statement }
      const { result } = await fed.act((tx, at) => disputePayment(tx, at, disputed))
      if (!result) return show(reply, form, 'Too late', tooLatePage(form), 409)
      if (field(given, 'stop') === 'yes') await stop(subject)
      return reply.redirect(`${home}?done=disputed`, 303)
    })

    app.get<Posted>(`${path}/stop`, async (request, reply) => {
      const subject = await findSubject(world, bank, request, reply)
      if (isReply(subject)) return subject
      const form = formOf(request, reply, subject)
      return show(reply, form, 'Stop payments', stopPage(form))
    })

    app.post<Posted>(`${path}/stop`, async (request, reply) => {
      const subject = await findSubject(world, bank, request, reply)
      if (isReply(subject)) return subject
      const home = `${accounts}/${subject.account.id}`
      if (!isOurForm(world, request, request.body ?? {})) return reply.redirect(home, 303)
      await stop(subject)
      return reply.redirect(`${home}?done=stopped`, 303)
    })

    app.post<Posted>(`${accounts}/:id/allow`, async (request, reply) => {
      const customer = await customerOf(world, bank, request)
      const given = request.body ?? {}
      const owned = customer ? await listAccounts(world.sql, customer.id) : []
      const account = owned.find((one) => one.id === request.params.id)
      if (!account || !isOurForm(world, request, given)) return reply.redirect(`/${bank.slug}`, 303)
      await deleteStop(world.sql, account.id, field(given, 'company'), field(given, 'company_id'))
      return reply.redirect(`${accounts}/${account.id}?done=allowed`, 303)
    })
  }
