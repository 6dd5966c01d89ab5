import { type Command, InvalidArgumentError } from 'commander'
import type { House } from '../house.ts'
import { retryJob } from '../jobs/job.commands.ts'
import { listJobs } from '../jobs/job.queries.ts'
import type { JobState } from '../jobs/job.ts'
import { columns, harmless } from './columns.ts'
import * as line from './command-line.ts'

/** `rialto jobs`: what the workers have not done yet. */
export function jobsCommand(openHouse: line.OpenHouse, terminal: line.Terminal = line.processTerminal): Command {
  const run = line.runIn(openHouse, terminal)
  const jobs = line.openCommand('jobs', 'what the workers have not done yet, the oldest first', terminal)
  line
    .withLimit(jobs, '100')
    .option('--failed', 'only what has failed: it is tried again by itself, 25 times in all')
    .option('--json', 'answer with JSON')
    .addHelpText('after', '\nExample:\n  rialto jobs --failed')
    .action(run((house, { options, paint }) => list(house, options.failed === true, String(options.limit), paint)))
  line
    .addVerb(jobs, 'retry', 'do it now, with all its attempts before it again', 'rialto jobs retry 1234')
    .argument('<jobId>', 'from rialto jobs', jobArgument)
    .action(
      run(async (house, { args: [id = ''] }) => {
        await retryJob(house, id)
        return { json: { done: 'retry', id }, text: `retry: ${id}`, note: 'A worker takes it within seconds.' }
      }),
    )
  return jobs
}

function jobArgument(text: string): string {
  if (/^[1-9]\d{0,17}$/.test(text)) return text
  throw new InvalidArgumentError('It is not the number of a job.')
}

const words: Readonly<Record<JobState, string>> = {
  ...{ waiting: 'waits', running: 'runs', failed: 'failed, will be tried again', given_up: 'given up' },
}

async function list(house: House, failed: boolean, limit: string, paint: line.Paint): Promise<line.Answer> {
  const jobs = await listJobs(house, { failed, limit: Number(limit) })
  if (jobs.length === 0) return { json: { jobs }, text: failed ? 'No job has failed.' : 'Nothing is left to do.' }
  const colours = { waiting: 'dim', running: 'green', failed: 'yellow', given_up: 'red' } as const
  const rows = jobs.map((job) => [
    ...[job.id, job.task, paint(colours[job.state], words[job.state]), `${job.attempts} of ${job.mostAttempts}`],
    ...[job.nextAt.toISOString(), Object.values(job.about).join(' ')],
    harmless(job.lastError?.split('\n')[0] ?? ''),
  ])
  const head = ['job', 'task', 'state', 'attempts', 'next', 'about', 'last error'].map((word) => paint('dim', word))
  return { json: { jobs }, text: columns([head, ...rows], [0]) }
}
