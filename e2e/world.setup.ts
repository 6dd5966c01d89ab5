import type { TestProject } from 'vitest/node'
import { findChromium } from '../scripts/chromium.ts'
import { Problem } from '../scripts/problem.ts'
import { startWorld, type World } from './world.ts'

declare module 'vitest' {
  interface ProvidedContext {
    world: World
    /** The path of the browser. */
    chromium: string
  }
}

/** The whole platform, once for the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const chromium = await findChromium(process.env)
  if (!chromium)
    throw new Problem('The journeys need Chromium: npm run verify installs it, or set CHROMIUM to the path of one.')
  const { world, stop } = await startWorld()
  project.provide('chromium', chromium)
  project.provide('world', world)
  return stop
}
