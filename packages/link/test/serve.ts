import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { mockFlows } from '../dev/mock-server.ts'

const dist = new URL('../dist/', import.meta.url).pathname
const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** The policy the platform sends with every page of the flow. */
const policy = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** The built flow with the mock behind it, served as the platform serves it, on a free port of this machine. */
export async function serveFlow(): Promise<{ origin: string; close: () => Promise<void> }> {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const flows = mockFlows()
  const server: Server = createServer((request, response) => {
    flows(request, response, () => {
      const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
      if (path.startsWith('/assets/')) {
        response
          .writeHead(200, { 'content-type': types[extname(path)] ?? 'text/plain' })
          .end(readFileSync(join(dist, path)))
      } else if (/^\/(s\/.*|used|unknown)$/.test(path)) {
        const nonce = randomBytes(16).toString('base64')
        response.writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
          'content-security-policy': policy(nonce),
        })
        response.end(html.replaceAll('__CSP_NONCE__', nonce))
      } else {
        response.writeHead(404).end()
      }
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}
