import type { FastifyReply } from 'fastify'

export const refuse = (reply: FastifyReply, status: number, message: string): FastifyReply =>
  reply.code(status).send({ message })

/** The parts of a JSON body, or none where it is no object. */
export const partsOf = (body: unknown): Readonly<Record<string, unknown>> =>
  (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
