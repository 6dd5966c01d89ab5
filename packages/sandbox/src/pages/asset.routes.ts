import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { FastifyPluginAsync } from 'fastify'
import { sendPage } from './browser.ts'
import { allBanksPage } from './home.page.ts'

const require = createRequire(import.meta.url)
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="11" fill="#3b4a46"/><path d="M8 17 20 9l12 8v2H8zm3 4h4v8h-4zm7 0h4v8h-4zm7 0h4v8h-4zM8 31h24v2H8z" fill="#fff"/></svg>'
const A_DAY = 'public, max-age=86400'

/** The front page of all banks, and the few files their pages share. */
export const assetRoutes: FastifyPluginAsync = async (app) => {
  const css = await readFile(new URL('./bank.css', import.meta.url), 'utf8')
  const font = await readFile(require.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'))

  app.get('/', (_request, reply) => sendPage(reply, { title: 'Sandbox banks', body: allBanksPage() }))
  app.get('/assets/bank.css', (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('Cache-Control', 'no-cache').send(css),
  )
  app.get('/assets/inter.woff2', (_request, reply) =>
    reply.type('font/woff2').header('Cache-Control', A_DAY).send(font),
  )
  app.get('/assets/icon.svg', (_request, reply) =>
    reply.type('image/svg+xml').header('Cache-Control', A_DAY).send(icon),
  )
}
