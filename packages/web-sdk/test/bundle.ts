import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds the SDK as it is published, away from `dist`, and returns its text. */
export async function bundleText(): Promise<string> {
  const outDir = mkdtempSync(`${tmpdir()}/rialto-web-sdk-`)
  try {
    await build({ root, configFile: `${root}/vite.config.ts`, build: { outDir } })
    return readFileSync(`${outDir}/linkmoney-web.min.js`, 'utf8')
  } finally {
    rmSync(outDir, { recursive: true })
  }
}

/** What the server does before it hands the file out. */
export const withAddresses = (text: string, apiUrl: string, clientUrl: string): string =>
  text.replaceAll('__RIALTO_API_URL__', apiUrl).replaceAll('__RIALTO_CLIENT_URL__', clientUrl)
