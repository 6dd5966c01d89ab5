import { type Customer, RialtoError } from '@rialto/node-sdk'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { noticeOf } from './notices.ts'
import { type Answers, accountPage, type Problems, signInPage, signUpPage } from './pages.account.ts'
import { hashPassword, passwordMatches } from './passwords.ts'
import { addPerson, findCredentials } from './people.ts'
import { isUnknown } from './platform.ts'
import { field, personOf, type Shop, safeNext, show } from './shop.ts'
import { countTry, forgive, secondsToWait, signInBudget, signUpBudget } from './throttle.ts'
import { csrfToken, signIn, signOut } from './visits.ts'

const shortest = 8
const longestPassword = 128

/** Passwords are taken as they are: never trimmed, never cut. */
function passwordIn(request: FastifyRequest): string {
  const { password } = request.body as { password?: unknown }
  return typeof password === 'string' ? password : ''
}

function problemsOf({ firstName, lastName, email }: Answers, password: string): Problems {
  return {
    ...(firstName ? {} : { firstName: 'Enter your first name.' }),
    ...(lastName ? {} : { lastName: 'Enter your last name.' }),
    ...(/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? {} : { email: 'Enter an email address, such as ada@example.com.' }),
    ...(password.length >= shortest && password.length <= longestPassword
      ? {}
      : { password: `Use ${shortest} to ${longestPassword} characters.` }),
  }
}

/** The shop's own accounts. They are nothing of the platform's: it only hears a name and an email. */
export function accountRoutes(
  app: FastifyInstance,
  shop: Shop,
  setCookie: (reply: FastifyReply, token: string) => void,
) {
  const enter = (request: FastifyRequest, reply: FastifyReply, personId: number, next: string) => {
    setCookie(reply, signIn(shop.db, request.visit, personId, shop.now()))
    return reply.redirect(next, 303)
  }
  const nextIn = (request: FastifyRequest) => safeNext((request.query as { next?: string }).next)
  const noAnswers: Answers = { firstName: '', lastName: '', email: '' }

  app.get('/sign-up', (request, reply) => {
    if (request.visit.person) return reply.redirect(nextIn(request), 303)
    const body = signUpPage(csrfToken(request.visit), nextIn(request), noAnswers, {})
    return show(shop, request, reply, { title: 'Create account' }, body)
  })

  app.post('/sign-up', async (request, reply) => {
    const next = safeNext(field(request, 'next'))
    const answers: Answers = {
      firstName: field(request, 'firstName', 60),
      lastName: field(request, 'lastName', 60),
      email: field(request, 'email'),
    }
    const password = passwordIn(request)
    const again = (problems: Problems, status = 400) =>
      show(
        shop,
        request,
        reply,
        { title: 'Error: Create account', status },
        signUpPage(csrfToken(request.visit), next, answers, problems),
      )
    const problems = problemsOf(answers, password)
    if (Object.keys(problems).length > 0) return again(problems)
    const budget = signUpBudget(request.ip)
    if (secondsToWait(shop.db, budget, shop.now()) > 0)
      return again({ form: 'That was a lot of new accounts. Wait a quarter of an hour and try again.' }, 429)
    countTry(shop.db, budget, shop.now())
    const person = { ...answers, password: await hashPassword(password), at: shop.now() }
    const id = addPerson(shop.db, person)
    if (id === undefined) return again({ email: 'There is an account with this email already. Sign in instead.' })
    return enter(request, reply, id, next === '/' ? '/?note=welcome' : next)
  })

  app.get('/sign-in', (request, reply) => {
    if (request.visit.person) return reply.redirect(nextIn(request), 303)
    const body = signInPage(csrfToken(request.visit), nextIn(request), '', {})
    return show(shop, request, reply, { title: 'Sign in' }, body)
  })

  app.post('/sign-in', async (request, reply) => {
    const next = safeNext(field(request, 'next'))
    const email = field(request, 'email')
    const again = (form: string, status: number) =>
      show(
        shop,
        request,
        reply,
        { title: 'Error: Sign in', status },
        signInPage(csrfToken(request.visit), next, email, { form }),
      )
    const budget = signInBudget(email, request.ip)
    const seconds = secondsToWait(shop.db, budget, shop.now())
    if (seconds > 0) {
      reply.header('retry-after', seconds)
      return again(`That was a lot of tries. You can try again in ${Math.ceil(seconds / 60)} minutes.`, 429)
    }
    countTry(shop.db, budget, shop.now())
    const password = passwordIn(request)
    const found = findCredentials(shop.db, email)
    if (password.length > longestPassword || !(await passwordMatches(password, found?.password)) || !found)
      return again('The email or the password is not right.', 401)
    forgive(shop.db, email, request.ip)
    return enter(request, reply, found.id, next)
  })

  app.post('/sign-out', (request, reply) => {
    signOut(shop.db, request.visit)
    return reply.redirect('/', 303)
  })

  app.get('/account', async (request, reply) => {
    const person = personOf(request, '/account')
    let bank: Customer | 'unknown' | undefined
    if (person.bankCustomerId)
      bank = await shop.rialto.customers.get(person.bankCustomerId).catch((error: unknown) => {
        if (error instanceof RialtoError) return isUnknown(error) ? undefined : 'unknown'
        throw error
      })
    const body = accountPage(csrfToken(request.visit), person, bank, shop.sdkUrl)
    return show(
      shop,
      request,
      reply,
      { title: 'Account', notice: noticeOf(request.query), scripts: ['link-bank'] },
      body,
    )
  })
}
