import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** By name, and what looks for leaked secrets after everybody who could have leaked one. */
class SecretsLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const key = ({ moduleId }: TestSpecification) => `${moduleId.endsWith('secrets.e2e.ts') ? 1 : 0} ${moduleId}`
    return files.toSorted((one, other) => key(one).localeCompare(key(other)))
  }
}

export default defineConfig({
  test: {
    include: ['e2e/**/*.e2e.ts'],
    globalSetup: ['e2e/world.setup.ts'],
    // One world for all, on a machine that may have two cores: one browser at a time, and two people in it.
    fileParallelism: false,
    maxConcurrency: 2,
    sequence: { sequencer: SecretsLast, concurrent: true },
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
})
