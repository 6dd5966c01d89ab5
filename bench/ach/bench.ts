import { fileURLToPath } from 'node:url'
import { node, output } from '../measuring/processes.ts'
import { mb, perSecond, type Report } from '../measuring/table.ts'
import { payments, returned } from './seed.ts'
import type { Took } from './took.ts'

const program = fileURLToPath(import.meta.resolve('./rails.ts'))
const limitMs = 10 * 60_000

/**
 * One cut-off of a hundred thousand payments, and what the bank says to it, beside bare statements over the same
 * rows.
 */
export async function benchAch(): Promise<Report> {
  const stdout = await output(node, ['--expose-gc', program], { limitMs })
  const took = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Took
  const cutOff = took.collect + took.build + took.send
  const reports = took.store + took.apply
  const row = (metric: string, ours: number, bare: number, many: number) => ({
    metric,
    ours: `${perSecond(many / ours)} (${ours.toFixed(1)} s)`,
    yardstick: `${perSecond(many / bare)} (${bare.toFixed(1)} s)`,
    ratio: bare / ours,
    bar: '0.2, aim 0.5',
    clears: bare / ours >= 0.2,
  })
  return {
    title: 'ACH: a cut-off and its reports',
    notes: [
      `${payments.toLocaleString('en-US')} authorized payments of one merchant become one file of ${(took.fileBytes / 1e6).toFixed(1)} MB in the drop; all of them settle, and ${returned.toLocaleString('en-US')} come back.`,
      'Yardstick: the very rows that ours wrote (entries, diary, events, journals, reports), copied by COPY from files of the server into a database that was ours before the cut-off, and one UPDATE of the payments for each of the four steps. It decides nothing, opens no account number, writes no file.',
    ],
    rows: [
      row('cut-off, from due to all payments INITIATED', cutOff, took.cutOffBare, payments),
      {
        metric: '  of this',
        ours: `collect ${took.collect.toFixed(1)} s, build ${took.build.toFixed(1)} s, put and tell ${took.send.toFixed(1)} s`,
      },
      row('settlements and returns applied', reports, took.reportsBare, payments + returned),
      { metric: 'memory of the process (RSS), before and most', ours: `${mb(took.mbBefore)}, ${mb(took.mbMost)}` },
    ],
  }
}
