import type { Event, EventData, EventType } from './event.ts'

/** The members of the flat shape that are in `metadata` too, where old code looks for them. */
type Body = Readonly<{
  id: string
  creationTime: string
  eventType: EventType
  clientReferenceId?: string
  resourceId: string
  resourceType: string
  paymentType?: string
  achReturnCode?: string
  metadata: EventData
  sequence: number
  resourceVersion: number
}>

const textOf = (data: EventData, member: string): string | undefined => {
  const value = data[member]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/**
 * An event as a merchant reads it, by webhook and by API: the documentation's flat shape and the nested one at once.
 * The same event gives the same body whenever it is asked for.
 */
export function eventBody(event: Omit<Event, 'requestId'>): Body {
  const { data, resourceId, resourceType } = event
  const clientReferenceId = textOf(data, 'clientReferenceId')
  const paymentType = textOf(data, 'transactionType')
  const achReturnCode = textOf(data, 'achReturnCode')
  const metadata: Record<string, EventData[string]> = { resourceId, resourceType }
  for (const [member, value] of Object.entries(data)) if (value !== null) metadata[member] = value
  return {
    id: event.id,
    creationTime: event.happenedAt.toISOString(),
    eventType: event.type,
    ...(clientReferenceId === undefined ? {} : { clientReferenceId }),
    ...{ resourceId, resourceType },
    ...(paymentType === undefined ? {} : { paymentType }),
    ...(achReturnCode === undefined ? {} : { achReturnCode }),
    metadata,
    sequence: event.sequence,
    resourceVersion: event.resourceVersion,
  }
}
