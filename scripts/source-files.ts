import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from './problem.ts'
import { root, run } from './run.ts'

/** The files below these folders that are, or could be, in the repository: what git ignores is left out. */
export async function sourceFiles(folders: readonly string[]): Promise<string[]> {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...folders]
  const { code, output, stdout } = await run('git', [
    '-c',
    `safe.directory=${root}`,
    '-c',
    'core.quotepath=off',
    ...list,
  ])
  if (code !== 0)
    throw new Problem(`git could not list the files (${output.trim()}); work in a clone of the repository.`)
  const files = stdout.split('\0').filter((file) => file !== '' && existsSync(join(root, file)))
  return [...new Set(files)].sort()
}
