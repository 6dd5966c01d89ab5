import { isPage, type Page } from './flow.ts'

export type Place = { kind: 'flow'; flowId: string; page: Page | null } | { kind: 'used' } | { kind: 'unknown' }

/**
 * Reads an address of ours. What is none of them is unknown; a page that does not exist is left for the server to
 * say.
 */
export function placeOf(path: string): Place {
  if (/^\/used\/?$/.test(path)) return { kind: 'used' }
  const [, flowId, page] = /^\/s\/([\w-]{1,64})\/([a-z-]{1,32})\/?$/.exec(path) ?? []
  if (!flowId || !page) return { kind: 'unknown' }
  return { kind: 'flow', flowId, page: isPage(page) ? page : null }
}

export const addressOf = (flowId: string, page: Page): string => `/s/${flowId}/${page}`

/**
 * May the browser be sent there? Yes to an address of this origin, to the web, and to an app's own scheme, where an
 * in-app
 * flow returns to; no to what would run or show something instead of going somewhere.
 */
export function isSafeToGo(address: string): boolean {
  if (/^\/(?![/\\])/.test(address)) return true
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase()
  return scheme !== undefined && !['javascript', 'data', 'vbscript', 'blob', 'file', 'about'].includes(scheme)
}
