import { join } from 'node:path'
import { node, output } from '../measuring/processes.ts'
import { limitMs, type Plan, type Result } from './plan.ts'

const generator = join(import.meta.dirname, 'generator.ts')

/** Runs the load generator as its own process. One answer that is not as it should be, and there is no result. */
export async function drive(plan: Plan): Promise<Result> {
  const printed = await output(node, [generator], { input: JSON.stringify(plan), limitMs: limitMs(plan) + 5_000 })
  const result = JSON.parse(printed) as Result
  if (result.bad > 0) throw new Error(`${result.bad} answers were wrong; the first: ${result.firstBad}`)
  if (result.answered === 0) throw new Error('nothing was answered')
  return result
}
