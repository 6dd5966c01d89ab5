import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { exitAfter, Problem } from './problem.ts'
import { root, run, tail } from './run.ts'
import { sourceFiles } from './source-files.ts'

type Violation = Readonly<{
  rule: Readonly<{ name: string }>
  from: string
  to: string
  cycle?: readonly Readonly<{ name: string }>[]
  comment?: string
}>
type Cruise = Readonly<{
  modules: readonly Readonly<{ source: string }>[]
  summary: Readonly<{ violations: readonly Violation[]; ruleSetUsed?: { forbidden?: readonly Rule[] } }>
}>
type Rule = Readonly<{ name: string; comment?: string }>

export type Arrows = Readonly<{ modules: ReadonlySet<string>; broken: readonly Broken[] }>
export type Broken = Readonly<{ rule: string; from: string; to: string; advice: string }>

export const cruised = ['packages', 'examples', 'scripts', 'bench', 'e2e'] as const
const tool = join(root, 'node_modules', '.bin', 'depcruise')

/** Follows every import below `folder` and says which go against .dependency-cruiser.mjs. */
export async function followArrows(folder: string): Promise<Arrows> {
  const paths = cruised.filter((path) => existsSync(join(folder, path)))
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...paths]
  const { output, stdout } = await run(tool, args, { cwd: folder })
  if (!stdout.startsWith('{')) throw new Problem(`dependency-cruiser could not run:\n${tail(output, 20)}`)
  const { modules, summary } = JSON.parse(stdout) as Cruise
  const broken = summary.violations.map((violation) => toBroken(violation, summary.ruleSetUsed?.forbidden ?? []))
  return { modules: new Set(modules.map((module) => module.source)), broken }
}

function toBroken({ rule, from, to, cycle, comment }: Violation, rules: readonly Rule[]): Broken {
  const advice = comment ?? rules.find(({ name }) => name === rule.name)?.comment ?? ''
  const path = cycle ? cycle.map((step) => step.name).join(' → ') : to
  return { rule: rule.name, from, to: path, advice }
}

/** With a compiler it cannot use, dependency-cruiser follows nothing and finds nothing wrong: each file is counted. */
async function missedBy(modules: ReadonlySet<string>): Promise<string[]> {
  const files = await sourceFiles(cruised)
  const code = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !/\.d\.m?ts$|\/public\//.test(file))
  return code.filter((file) => !modules.has(file))
}

async function arrows(): Promise<void> {
  const { modules, broken } = await followArrows(root)
  const missed = await missedBy(modules)
  if (missed.length > 0) throw new Problem(`dependency-cruiser missed ${missed.length} files, ${missed[0]} among them.`)
  console.log(`${modules.size} modules followed`)
  const byRule = Map.groupBy(broken, ({ rule }) => rule)
  for (const [rule, all] of byRule) {
    console.log(`\n${rule}: ${all[0]?.advice}`)
    for (const { from, to } of all) console.log(`  ${from} → ${to}`)
  }
  if (broken.length > 0) throw new Problem(`${broken.length} imports go against the arrows.`)
}

if (import.meta.main) await exitAfter(arrows)
