import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { LinkResultSigner } from '../access/link-result.ts'
import type { House } from '../house.ts'
import { invalid } from '../http/errors.ts'
import { errors } from '../http/wire.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Session } from '../sessions/session.ts'
import { flowOf } from './flow.browser.ts'
import { authorize, chooseAccount, chooseBank, consent, goBack, leave } from './flow.commands.ts'
import { authorizationCopy, gatherFlow } from './flow.queries.ts'
import { BankWire, bankToWire, type FlowView, FlowViewWire, flowToWire } from './flow.wire.ts'
import { answerCode, signIn } from './sign-in.commands.ts'

const Params = Type.Object({ flowId: Type.String({ maxLength: 100 }) })
const short = (maxLength: number) => Type.String({ minLength: 1, maxLength })

/** The hosted flow's own API: docs/internals/hosted-flow-api.md. Only the browser that opened a flow reaches it. */
export const flowRoutes =
  (house: House, sign: LinkResultSigner): FastifyPluginAsyncTypebox =>
  async (app) => {
    const view = async (session: Session): Promise<FlowView> =>
      flowToWire(await gatherFlow(house, sign, session), house.settings)
    const response = { 200: FlowViewWire, ...errors(400, 404, 409, 500) }

    // A form of another site can neither set this header nor read an answer.
    app.addHook('onRequest', async (request) => {
      if (request.method !== 'GET' && request.headers['x-rialto-flow'] !== '1')
        throw invalid({ pointer: 'x-rialto-flow', code: 'required', message: 'is required' })
    })
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store')
    })

    app.get('/', { schema: { params: Params, response } }, async (request) =>
      view(await flowOf(house, request, request.params.flowId)),
    )

    app.get(
      '/banks',
      {
        schema: {
          params: Params,
          querystring: Type.Object({ q: Type.Optional(Type.String({ maxLength: 100 })) }),
          response: { 200: Type.Object({ banks: Type.Array(BankWire) }), ...errors(400, 404, 500) },
        },
      },
      async (request) => {
        await flowOf(house, request, request.params.flowId)
        return { banks: house.banks.search(request.query.q ?? '', 20).map(bankToWire) }
      },
    )

    /** A step: checks the browser, does it, answers the view. */
    const post = <Body extends ReturnType<typeof Type.Object>>(
      path: string,
      body: Body,
      act: (
        session: Session,
        body: Record<string, string>,
        from: { ip: string; userAgent: string },
      ) => Promise<Session>,
    ) =>
      app.post(path, { schema: { params: Params, body, response } }, async (request) => {
        const session = await flowOf(house, request, request.params.flowId)
        const from = { ip: request.ip, userAgent: request.headers['user-agent'] ?? '' }
        return view(await act(session, request.body as Record<string, string>, from))
      })

    post('/consent', Type.Object({}), ({ id }) => consent(house, id))
    post('/bank', Type.Object({ bankId: short(100) }), ({ id }, { bankId = '' }) => chooseBank(house, id, bankId))
    post('/sign-in', Type.Object({ username: short(200), password: short(200) }), ({ id }, body) =>
      signIn(house, id, { username: body.username ?? '', password: body.password ?? '' }),
    )
    post('/sign-in/code', Type.Object({ code: short(20) }), ({ id }, { code = '' }) =>
      answerCode(house, id, code.trim()),
    )
    post('/account', Type.Object({ accountId: short(300) }), ({ id }, { accountId = '' }) =>
      chooseAccount(house, id, accountId),
    )
    post('/authorize', Type.Object({ authorizationTextHash: short(100) }), ({ id }, body, from) =>
      authorize(house, id, { textHash: body.authorizationTextHash ?? '', ...from }),
    )
    post('/back', Type.Object({ to: Type.Enum(['bank', 'accounts']) }), ({ id }, { to }) =>
      goBack(house, id, to === 'accounts' ? 'accounts' : 'bank'),
    )
    post('/leave', Type.Object({}), ({ id, step }) => {
      if (step === 'done') throw new Refusal('flow_moved', { from: step })
      return leave(house, id)
    })

    app.get('/authorization.txt', { schema: { params: Params } }, async (request, reply) => {
      const text = await authorizationCopy(house, await flowOf(house, request, request.params.flowId))
      return reply
        .type('text/plain; charset=utf-8')
        .header('content-disposition', 'attachment; filename="authorization.txt"')
        .send(text)
    })
  }
