import { type Static, Type } from 'typebox'
import { invalid } from '../http/errors.ts'
import { optionalText } from '../http/wire.ts'
import type { EndpointChange, NewEndpoint } from './endpoint.commands.ts'
import { type EndpointView, mostCounted } from './endpoint.queries.ts'
import type { DisabledWhy, Endpoint } from './endpoint.ts'
import { categories, eventTypes } from './event.ts'
import { categoriesFromWire, typesFromWire } from './event-words.wire.ts'
import { faultOf, isShort } from './secret.ts'
import { type Subscription, typesWanted, type Wish } from './subscription.ts'

/** A subscription on the wire is what is called an endpoint inside. */
const kinds = ['ALL', 'CATEGORY', 'EVENT'] as const
const statuses = ['ENABLED', 'DISABLED'] as const
const reasons = {
  by_merchant: 'BY_MERCHANT',
  gone: 'GONE',
  failing: 'FAILING',
} as const satisfies Record<DisabledWhy, string>

const Text = (maxLength: number) => Type.Union([Type.String({ maxLength }), Type.Null()])
const optional = (maxLength: number, description: string) => Type.Optional({ ...Text(maxLength), description })
const instant = (description: string) => Type.String({ description, format: 'date-time' })

/** What to be told of, as a caller writes it. */
const WishBody = Type.Object(
  {
    type: Type.String({ maxLength: 20, description: kinds.join(', '), examples: ['CATEGORY'] }),
    details: Type.Optional(
      Type.Union([Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 }), Type.Null()], {
        description: 'The events or categories. Not looked at with ALL.',
        examples: [['PAYMENT']],
      }),
    ),
  },
  { title: 'SubscriptionWish' },
)

const url = {
  maxLength: 2_000,
  description: 'Where events are posted to.',
  examples: ['https://shop.example/webhooks'],
}
const secretKey = 'What deliveries are signed with: 24 characters or more, or whsec_ and base64 of 24 to 64 bytes.'
const description = 'For your own use, up to 200 characters.'
const alertEmail = 'Who is to be told when deliveries fail.'

export const SubscribeBody = Type.Object(
  {
    url: Type.String(url),
    secretKey: Type.String({ description: secretKey }),
    subscriptionDetails: WishBody,
    description: optional(200, description),
    alertEmail: optional(254, alertEmail),
  },
  { title: 'Subscribe' },
)

const subscriptionId = 'The subscriptionKey that subscribing answered with.'
export const UnsubscribeBody = Type.Object(
  {
    subscriptionId: optional(200, subscriptionId),
    subscriptionKey: optional(200, 'The same, by its other name.'),
    subscriptionDetails: WishBody,
  },
  { title: 'Unsubscribe' },
)

export const UpdateSubscriptionBody = Type.Object(
  {
    url: Type.Optional(Type.String(url)),
    subscriptionDetails: Type.Optional(WishBody),
    description: optional(200, `${description} Empty: none.`),
    alertEmail: optional(254, `${alertEmail} Empty: nobody.`),
    status: Type.Optional(Type.String({ maxLength: 20, description: statuses.join(', ') })),
  },
  { title: 'UpdateSubscription' },
)

export const RotateSecretBody = Type.Object(
  {
    secretKey: Type.Optional({ ...Type.Union([Type.String(), Type.Null()]), description: 'Made for you when absent.' }),
    overlapSeconds: Type.Optional(
      Type.Integer({
        ...{ minimum: 0, maximum: 2_592_000 },
        description: 'How long the one before signs beside it; a day when absent.',
      }),
    ),
  },
  { title: 'RotateSecret' },
)

const Warnings = Type.Optional(Type.Array(Type.String(), { description: 'What was taken and should be better.' }))

export const SubscriptionKeyWire = Type.Object(
  { subscriptionKey: Type.String({ description: 'The id of the subscription.' }), warnings: Warnings },
  { title: 'SubscriptionKey' },
)

export const RotatedSecretWire = Type.Object(
  {
    subscriptionKey: Type.String(),
    secretKey: Type.Optional(Type.String({ description: 'The one that was made. It is not shown again.' })),
    overlapUntil: instant('Until then the one before signs beside it.'),
    warnings: Warnings,
  },
  { title: 'RotatedSecret' },
)

const Details = Type.Object(
  { type: Type.Enum([...kinds]), details: Type.Array(Type.String()) },
  { title: 'SubscriptionDetails' },
)

const Health = Type.Object(
  {
    failures: Type.Integer({ description: 'Failed attempts one after another; 0 when it is well.' }),
    failingSince: Type.Optional(instant('When the first of them was.')),
    nextProbeAt: Type.Optional(instant('It is left alone until then, because it keeps failing.')),
  },
  { title: 'SubscriptionHealth' },
)

export const SubscriptionWire = Type.Object(
  {
    id: Type.String(),
    subscriptionKey: Type.String({ description: 'The same.' }),
    url: Type.String(),
    description: Type.Optional(Type.String()),
    alertEmail: Type.Optional(Type.String()),
    subscriptionDetails: Details,
    events: Type.Array(Type.Enum(eventTypes), { description: 'What that comes to today.' }),
    status: Type.Enum([...statuses]),
    disabledReason: Type.Optional(
      Type.Enum(Object.values(reasons), {
        description: 'GONE: the address answered 410. FAILING: it failed for five days.',
      }),
    ),
    health: Health,
    toldTo: Type.Integer({ description: 'Up to this sequence everything wanted has been sent at least once.' }),
    behind: Type.Integer({
      description: `How many wanted events after that have not been sent yet; ${mostCounted} means at least so many.`,
    }),
    createdAt: instant('When it was made.'),
  },
  { title: 'Subscription' },
)

/** Refuses invalid_request, with the events or categories that there are. */
function wishFromWire({ type, details }: Static<typeof WishBody>): Wish {
  const pointer = '/subscriptionDetails/details'
  const kind = kinds.find((one) => one === type.trim().toUpperCase())
  if (kind === 'ALL') return { kind: 'everything' }
  if (!kind) {
    const message = `must be one of ${kinds.join(', ')}`
    throw invalid({ pointer: '/subscriptionDetails/type', code: 'enum', message })
  }
  if (!details || details.length === 0) {
    const message = `must name some of ${(kind === 'EVENT' ? eventTypes : categories).join(', ')}`
    throw invalid({ pointer, code: 'required', message })
  }
  const pointerTo = (index: number) => `${pointer}/${index}`
  return kind === 'EVENT'
    ? { kind: 'types', types: typesFromWire(details, pointerTo) }
    : { kind: 'categories', categories: categoriesFromWire(details, pointerTo) }
}

/** Refuses invalid_request. */
function secretFromWire(secret: string): string {
  const fault = faultOf(secret)
  if (fault) throw invalid({ pointer: '/secretKey', code: 'secret', message: fault })
  return secret
}

function emailFromWire(text: string | null | undefined): string | null {
  const email = optionalText(text)
  if (email !== null && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    throw invalid({ pointer: '/alertEmail', code: 'email', message: 'must be an e-mail address' })
  return email
}

/** Refuses invalid_request. */
export const newEndpointFromWire = (body: Static<typeof SubscribeBody>): Omit<NewEndpoint, 'merchantId'> => ({
  url: body.url,
  secret: secretFromWire(body.secretKey),
  wish: wishFromWire(body.subscriptionDetails),
  description: optionalText(body.description),
  alertEmail: emailFromWire(body.alertEmail),
})

/** Refuses invalid_request. */
export function unsubscriptionFromWire(body: Static<typeof UnsubscribeBody>): { id: string; wish: Wish } {
  const id = optionalText(body.subscriptionId) ?? optionalText(body.subscriptionKey)
  if (id === null) throw invalid({ pointer: '/subscriptionId', code: 'required', message: 'is required' })
  return { id, wish: wishFromWire(body.subscriptionDetails) }
}

/** Refuses invalid_request. */
export function changeFromWire(body: Static<typeof UpdateSubscriptionBody>): EndpointChange {
  const status = body.status?.trim().toUpperCase()
  if (status !== undefined && status !== 'ENABLED' && status !== 'DISABLED')
    throw invalid({ pointer: '/status', code: 'enum', message: `must be one of ${statuses.join(', ')}` })
  return {
    url: body.url,
    wish: body.subscriptionDetails && wishFromWire(body.subscriptionDetails),
    description: body.description === undefined ? undefined : optionalText(body.description),
    alertEmail: body.alertEmail === undefined ? undefined : emailFromWire(body.alertEmail),
    enabled: status && status === 'ENABLED',
  }
}

const defaultOverlapMs = 24 * 60 * 60_000

/** A null secret is to be made. Refuses invalid_request. */
export const rotationFromWire = ({ secretKey, overlapSeconds }: Static<typeof RotateSecretBody>) => ({
  secret: secretKey ? secretFromWire(secretKey) : null,
  overlapMs: overlapSeconds === undefined ? defaultOverlapMs : overlapSeconds * 1_000,
})

const warningsAbout = (secret: string) =>
  isShort(secret)
    ? { warnings: ['secretKey has fewer than 24 characters. Use a longer one: a short one can be guessed.'] }
    : {}

/** `secret`: one that was just given, and is warned of if it is short. */
export const subscriptionKeyToWire = ({ id }: Endpoint, secret?: string): Static<typeof SubscriptionKeyWire> => ({
  subscriptionKey: id,
  ...(secret === undefined ? {} : warningsAbout(secret)),
})

/** A secret that the caller gave is not shown. */
export const rotatedToWire = (
  { endpoint, overlapUntil }: { endpoint: Endpoint; overlapUntil: Date },
  { secret, isMade }: { secret: string; isMade: boolean },
): Static<typeof RotatedSecretWire> => ({
  subscriptionKey: endpoint.id,
  ...(isMade ? { secretKey: secret } : warningsAbout(secret)),
  overlapUntil: overlapUntil.toISOString(),
})

/** The wire has no word for a category without one of its events: what is left is named one by one. */
function detailsToWire(subscription: Subscription): Static<typeof Details> {
  const { everything, categories: some, types, except } = subscription
  if (everything && except.length === 0) return { type: 'ALL', details: [] }
  if (some.length > 0 && types.length === 0 && except.length === 0) return { type: 'CATEGORY', details: [...some] }
  return { type: 'EVENT', details: typesWanted(subscription) }
}

export const subscriptionToWire = ({ endpoint, behind }: EndpointView): Static<typeof SubscriptionWire> => ({
  ...{ id: endpoint.id, subscriptionKey: endpoint.id, url: endpoint.url },
  ...(endpoint.description === null ? {} : { description: endpoint.description }),
  ...(endpoint.alertEmail === null ? {} : { alertEmail: endpoint.alertEmail }),
  subscriptionDetails: detailsToWire(endpoint.subscription),
  events: typesWanted(endpoint.subscription),
  status: endpoint.status === 'enabled' ? 'ENABLED' : 'DISABLED',
  ...(endpoint.disabledWhy === null ? {} : { disabledReason: reasons[endpoint.disabledWhy] }),
  health: {
    failures: endpoint.health.failures,
    ...(endpoint.health.failingSince === null ? {} : { failingSince: endpoint.health.failingSince.toISOString() }),
    ...(endpoint.health.probeAt === null ? {} : { nextProbeAt: endpoint.health.probeAt.toISOString() }),
  },
  ...{ toldTo: endpoint.toldTo, behind, createdAt: endpoint.createdAt.toISOString() },
})
