import type { FastifyPluginAsync } from 'fastify'
import { easternDay } from '../fed/banking-day.ts'
import { findEntry, possibleSteps, type Step, takeStep } from '../fed/entry.commands.ts'
import { type Answer, type EntryView, listAnswers } from '../fed/entry.store.ts'
import type { Fed } from '../fed/fed.ts'
import { centsToText } from '../money.ts'
import type { World } from '../world.ts'
import { readWish } from './read-fed.ts'
import { refuse } from './refuse.ts'

const toEntryView = (entry: EntryView, answers: readonly Answer[], possible: readonly Step[]): object => ({
  ...entry,
  id: String(entry.id),
  amount: centsToText(entry.amount),
  answers,
  possible,
})

type OneEntry = { Params: { trace: string } }

/** One entry, by its trace number: what became of it, and what shall become of it now. */
export const entryRoutes =
  (world: World, fed: Fed): FastifyPluginAsync =>
  async (app) => {
    app.get<OneEntry>('/:trace', async (request, reply) => {
      const entry = await findEntry(world.sql, request.params.trace)
      if (!entry) return refuse(reply, 404, 'no entry has this trace number')
      const answers = await listAnswers(world.sql, entry.id)
      return toEntryView(entry, answers, possibleSteps(entry, easternDay(world.now())))
    })

    for (const step of ['settle', 'return', 'correct'] as const)
      app.post<OneEntry>(`/:trace/${step}`, async (request, reply) => {
        const wish = readWish(step, request.body)
        if (typeof wish === 'string') return refuse(reply, 400, wish)
        const { result, wrote } = await fed.act((tx, at) => takeStep(tx, at, request.params.trace, wish))
        if (result.kind === 'not_found') return refuse(reply, 404, 'no entry has this trace number')
        if (result.kind === 'done') return { wrote }
        const { status, possible } = result
        return reply.code(409).send({ message: `the entry is ${status}: ${step} is not possible`, possible })
      })
  }
