import type { RialtoEvent } from '@rialto/node-sdk'
import { harmless } from '../columns.ts'
import type { Paint } from '../command-line.ts'

/** Whole seconds of UTC: `2026-01-05 15:00:00Z`. */
export const timeOf = (instant: string): string => `${instant.slice(0, 19).replace('T', ' ')}Z`

type Colour = Parameters<Paint>[0]
const colours: Readonly<Record<string, Colour>> = {
  'payment.succeeded': 'green',
  'payment.disbursed': 'green',
  'payment.failed': 'red',
  'payment.double_refund_risk': 'red',
  'webhook.failing': 'yellow',
  'webhook.disabled': 'red',
}

/** The longest type there is has as many letters. */
const typeWidth = 28

/** What the event's own members add, in few words. */
function detailOf(event: RialtoEvent): string {
  const { metadata } = event as { metadata: Readonly<Record<string, unknown>> }
  const words = [metadata.achReturnCode, metadata.reason, metadata.clientReferenceId, metadata.name, metadata.url]
  return words.filter((word) => typeof word === 'string').join('  ')
}

/** Place, time, type. */
export function eventHead(event: RialtoEvent, paint: Paint): string {
  const { sequence, creationTime, eventType } = event
  const type = harmless(eventType).padEnd(typeWidth)
  const colour = colours[eventType]
  return `${String(sequence).padStart(6)}  ${paint('dim', timeOf(creationTime))}  ${colour ? paint(colour, type) : type}`
}

/** One event in one line. */
export function eventLine(event: RialtoEvent, paint: Paint): string {
  const { resourceType, resourceId } = event
  return `${eventHead(event, paint)}  ${resourceType} ${resourceId}  ${harmless(detailOf(event))}`.trimEnd()
}

/** The end of an id is what tells it from others of the same minute. */
export const shortId = (id: string): string => `…${id.slice(-12)}`
