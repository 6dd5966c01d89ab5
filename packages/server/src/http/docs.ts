import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'
import { refusals } from '../kernel/refusal.ts'

// The renderer writes one inline script of its own; nothing may come from, or go to, anywhere else.
const policy =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The API reference at /docs, rendered from the routes' schemas, and the page of errors that error bodies point to. */
export async function mountDocs(app: FastifyInstance): Promise<void> {
  await app.register(async (docs) => {
    docs.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', policy)
    })
    docs.get('/docs/openapi.json', async () => app.swagger())
    docs.get('/docs/errors', async (_request, reply) => reply.type('text/html; charset=utf-8').send(errorsPage()))
    await docs.register(scalar, {
      routePrefix: '/docs',
      configuration: {
        url: '/docs/openapi.json',
        title: 'Rialto API',
        withDefaultFonts: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        telemetry: false,
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    })
  })
}

const style =
  ':root{color-scheme:light dark;--line:#e4e0d7;--soft:#51605b}body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem;' +
  'font:16px/1.5 system-ui,sans-serif;background:#f6f4ef;color:#14231f}table{border-collapse:collapse;width:100%}' +
  'td,th{border-bottom:1px solid var(--line);padding:.6rem .5rem;text-align:left;vertical-align:top}' +
  'small{color:var(--soft)}tr:target{background:#e3f1ec}.scroll{overflow-x:auto}' +
  '@media(prefers-color-scheme:dark){:root{--line:#263431;--soft:#a9b7b2}body{background:#0d1413;color:#e9efec}' +
  'tr:target{background:#16332d}}'

function errorsPage(): string {
  const named = new Set<string>()
  const rows = Object.values(refusals).map(([status, code, id, message, remedy]) => {
    const anchor = named.has(code) ? '' : ` id="${code}"`
    named.add(code)
    return (
      `<tr${anchor}><td>${status}</td><td><code>${code}</code></td><td>${id}</td>` +
      `<td>${escapeHtml(message)}<br><small>${escapeHtml(remedy)}</small></td></tr>`
    )
  })
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Errors · Rialto API</title>' +
    `<meta name="viewport" content="width=device-width,initial-scale=1"><style>${style}</style></head><body><main>` +
    '<h1>Errors</h1><p>Every way the API says no. <a href="/docs">The API reference</a></p><div class="scroll"><table>' +
    '<thead><tr><th>Status</th><th>errorCode</th><th>errorId</th><th>What it means, what to do</th></tr></thead>' +
    `<tbody>${rows.join('')}</tbody></table></div></main></body></html>`
  )
}

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
