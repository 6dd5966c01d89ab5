import { type Category, type EventType, events, eventTypes } from './event.ts'

/** What an endpoint wants to be told: everything, or categories and types, without those that were taken away again. */
export type Subscription = Readonly<{
  everything: boolean
  categories: readonly Category[]
  types: readonly EventType[]
  except: readonly EventType[]
}>

export type Wish =
  | { kind: 'everything' }
  | { kind: 'categories'; categories: readonly Category[] }
  | { kind: 'types'; types: readonly EventType[] }

export const subscriptionTo = (wish: Wish): Subscription => ({
  everything: wish.kind === 'everything',
  categories: wish.kind === 'categories' ? [...new Set(wish.categories)] : [],
  types: wish.kind === 'types' ? [...new Set(wish.types)] : [],
  except: [],
})

const wantsByRule = (subscription: Subscription, type: EventType): boolean =>
  subscription.everything ||
  subscription.categories.includes(events[type].category) ||
  subscription.types.includes(type)

const wants = (subscription: Subscription, type: EventType): boolean =>
  wantsByRule(subscription, type) && !subscription.except.includes(type)

/** Those there are today; a type that is added later is wanted by whoever wants everything, or its category. */
export const typesWanted = (subscription: Subscription): EventType[] =>
  eventTypes.filter((type) => wants(subscription, type))

/** What is left when something is taken away. Undefined: nothing. */
export function without(subscription: Subscription, wish: Wish): Subscription | undefined {
  if (wish.kind === 'everything') return undefined
  const gone = eventTypes.filter((type) => wantsByRule(subscriptionTo(wish), type))
  const categories =
    wish.kind === 'categories'
      ? subscription.categories.filter((category) => !wish.categories.includes(category))
      : subscription.categories
  const left = { ...subscription, categories, types: subscription.types.filter((type) => !gone.includes(type)) }
  const except = [...subscription.except, ...gone].filter((type) => wantsByRule(left, type))
  const next = { ...left, except: [...new Set(except)] }
  return typesWanted(next).length === 0 ? undefined : next
}
