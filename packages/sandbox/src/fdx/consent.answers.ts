import type { Bank } from '../banks/bank.ts'
import { endConsent } from '../consents/consent.commands.ts'
import { type Consent, type Ending, initiators, reasons } from '../consents/consent.ts'
import type { World } from '../world.ts'
import type { Call } from './call.ts'
import { FdxError } from './errors.ts'
import type { Resource } from './resource.ts'
import { toConsent } from './wire.ts'

/** A token speaks for its own consent only; any other does not exist for it. */
function ownConsent(call: Call, id: string): Consent {
  if (call.consent.id !== id) throw new FdxError('consent_not_found', 'no such consent for this token')
  return call.consent
}

function readEnding(body: unknown): Ending {
  const { initiator, reason } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const by = initiators.find((one) => one === initiator)
  const why = reasons.find((one) => one === reason)
  if (!by || !why)
    throw new FdxError(
      'invalid_input',
      `initiator is one of ${initiators.join(', ')}; reason one of ${reasons.join(', ')}`,
    )
  return { by, why }
}

/** The calls about the consent a token was given under. */
export function consentAnswers(world: World, bank: Bank): Resource[] {
  const nameOf = (clientId: string) => world.clients.find((client) => client.clientId === clientId)?.name ?? clientId
  const rule = { resource: 'consent', needs: [], allowsEnded: true } as const
  return [
    {
      method: 'GET',
      path: '/consents/:id',
      rule,
      answer: async (call, { id }) => {
        const consent = ownConsent(call, id)
        return { body: toConsent(consent, nameOf(consent.clientId), bank) }
      },
    },
    {
      method: 'PUT',
      path: '/consents/:id/revocation',
      rule,
      answer: async (call, { id, body }) => {
        const consent = ownConsent(call, id)
        const ending = readEnding(body)
        if (!(await endConsent(world, bank.slug, consent.id, ending)))
          throw new FdxError('consent_ended', `the consent is ${consent.status.toLowerCase()}`)
        return { status: 204 }
      },
    },
  ]
}
