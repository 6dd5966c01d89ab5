import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { environment, root } from '../scripts/run.ts'
import { bankA, comesBack, linkAt } from './flow.steps.ts'
import { browsers, world } from './journey.ts'
import { keepSecret } from './secrets.ts'

const visit = browsers()
const hereMs = 30_000
/** The README names the demo store's usual place. Something else may be there, so the browser is answered by us. */
const usualStore = 'http://localhost:4020/'

const blocks = (): string[] =>
  [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```sh\n(.*?)^```/gms)].map(([, lines = '']) => lines)

/** One shell, as a reader has it: what an earlier block set, a later one finds. */
function openShell() {
  // The shell's own Node may be any that the README allows.
  const env = { ...environment(), ...world.env, PATH: process.env.PATH ?? '' }
  const shell: ChildProcessWithoutNullStreams = spawn('bash', ['-s'], { cwd: root, env })
  let said = ''
  let complaints = ''
  let heard = () => {}
  shell.stdout.on('data', (words) => {
    said += words
    heard()
  })
  shell.stderr.on('data', (words) => {
    complaints += words
  })
  return {
    /** Runs a block and answers what it printed. */
    async type(lines: string): Promise<string> {
      said = ''
      const done = Promise.withResolvers<void>()
      heard = () => said.includes('\u0004') && done.resolve()
      const late = setTimeout(() => done.reject(new Error(`${lines} took too long: ${said} ${complaints}`)), hereMs)
      shell.stdin.write(`${lines}\nprintf '\\004'\n`)
      await done.promise.finally(() => clearTimeout(late))
      return said.replace('\u0004', '').trim()
    },
    complaints: () => complaints,
    close: () => shell.stdin.end(),
  }
}

it('the README’s quick start does what it says, with a customer in a browser', () =>
  visit({ device: 'phone' }, async (visitor) => {
    const { page } = visitor
    await page.route(`${usualStore}**`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<h1>The shop</h1>' }),
    )
    const shell = openShell()
    let address = ''
    const answers: Record<string, unknown>[] = []
    for (const block of blocks()) {
      if (block.includes('paste-it-here')) {
        keepSecret(world, await shell.type('printf %s "$TOKEN"'))
        await page.goto(address)
        await linkAt(visitor, bankA, 'profile_522')
        const back = await comesBack(visitor, usualStore)
        expect(back.get('status')).toBe('200')
        await shell.type(`CUSTOMER_ID=${back.get('customerId')}`)
      }
      const said = await shell.type(block)
      if (said.startsWith(world.client)) address = said
      if (block.includes('events list')) expect(said.split('\n')).toHaveLength(5)
      if (said.startsWith('{')) answers.push(JSON.parse(said) as Record<string, unknown>)
    }
    shell.close()
    expect(shell.complaints()).toBe('')
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/)
    const [payment, advance] = answers.slice(-2)
    expect(payment).toEqual({ paymentId: id, paymentStatus: 'AUTHORIZED', clientReferenceId: 'TXN-1234' })
    // Whatever others have paid in this world moves as well.
    const moved = advance?.events as Record<string, number>
    for (const type of ['payment.initiated', 'payment.succeeded', 'payment.disbursed'])
      expect(moved[type], type).toBeGreaterThan(0)
  }))
