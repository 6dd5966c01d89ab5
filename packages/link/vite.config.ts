import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'
import { mockFlows } from './dev/mock-server.ts'

/** Asks for the font beside the style sheet instead of after it. The name is hashed, so only the bundle knows it. */
const preloadFont: Plugin = {
  name: 'preload-font',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((file) => file.endsWith('.woff2'))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}`, crossorigin: true },
          injectTo: 'head' as const,
        })),
  },
}

/** Each text also as .br and .gz, squeezed once at build time as no server would on each request. */
const precompress: Plugin = {
  name: 'precompress',
  apply: 'build',
  writeBundle: ({ dir }, bundle) => {
    for (const file of Object.keys(bundle).filter((name) => /^assets\/.*\.(js|css|svg)$/.test(name))) {
      const path = join(dir ?? 'dist', file)
      const bytes = readFileSync(path)
      writeFileSync(`${path}.br`, brotliCompressSync(bytes))
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
    }
  },
}

/** The other side of the contract, pretended, so that `npm run dev` needs no platform and no bank. */
const mockPlatform: Plugin = {
  name: 'mock-platform',
  apply: 'serve',
  configureServer: (server) => {
    server.middlewares.use(mockFlows())
  },
}

export default defineConfig({
  plugins: [preloadFont, precompress, mockPlatform],
  // The flow is written to React and served with Preact: a quarter of the script. README.md says why.
  resolve: {
    alias: [
      { find: /^react$/, replacement: 'preact/compat' },
      { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
      { find: /^react\/jsx-(dev-)?runtime$/, replacement: 'preact/jsx-runtime' },
    ],
  },
  html: { cspNonce: '__CSP_NONCE__' },
  build: { modulePreload: { polyfill: false }, reportCompressedSize: false },
  server: { host: '127.0.0.1' },
})
