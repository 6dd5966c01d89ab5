import { copyFile, mkdir, readdir, rename, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { at, type Originator, openOriginator } from './pretend-originator.ts'

let bank: Originator
beforeAll(async () => {
  bank = await openOriginator('2026-01-05 09:00')
})
afterAll(() => bank.close())
afterEach(async () => {
  await bank.control('/fed/faults', 'DELETE')
})

const dollars = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`

const statuses = (answers: readonly string[][]): (string | undefined)[] => answers.map(([status]) => status)

/** Turns the clock on by two minutes, and reads the acknowledgments that came: from their status on. */
async function acknowledged(): Promise<string[][]> {
  const { body } = await bank.control('/clock')
  const to = new Date(Date.parse(body.now) + 120_000)
  await bank.control('/clock', 'PUT', { now: to.toISOString() })
  const names = (await bank.fresh()).filter((name) => name.startsWith('ack-'))
  return Promise.all(names.map(async (name) => (await bank.rows(name))[0]?.slice(5) ?? []))
}

describe('the bank', () => {
  it('refuses a file that is not whole, and says why', async () => {
    const good = bank.write([{}])
    await bank.put(good.replace('0000002500', '0000002600'))
    const [[status, entries, , , message] = []] = await acknowledged()
    expect([status, entries]).toEqual(['rejected', '1'])
    expect(message).toMatch(/line \d+: /)
    expect((await bank.control('/clock')).body.nextDueAt).toBeNull()
    // It was not processed at all, so the same file, mended, is no duplicate.
    await bank.put(good)
    expect(statuses(await acknowledged())).toEqual(['accepted'])
  })

  it('takes the same file once', async () => {
    const text = bank.write([{}])
    await bank.put(text, 'a.ach')
    await bank.put(text, 'b.ach')
    expect(statuses(await acknowledged())).toEqual(['accepted', 'duplicate'])
  })

  it('sends single bad entries back and keeps the rest', async () => {
    const text = bank.write([
      { effective: '2026-01-06' },
      { effective: '2026-01-06', routingNumber: '021000021' },
      { effective: '2026-01-06', amount: 0n },
    ])
    await bank.put(text)
    const [[status, entries, , , message = ''] = []] = await acknowledged()
    expect([status, entries]).toEqual(['accepted_with_item_errors', '3'])
    expect(message).toContain('2 entries come back unsettled: R13 (1)')
    const names = await bank.turn('2026-01-06 08:30')
    expect((await bank.cameBack(names)).map((one) => one.slice(0, 3))).toEqual(['R13', 'R19'])
  })

  it('refuses nonsense, names it cannot read and what is too large, and goes on', async () => {
    await writeFile(join(bank.outgoing, 'a-empty.ach'), '')
    await writeFile(join(bank.outgoing, 'b-noise.ach'), Buffer.from([0, 255, 10, 0, 13, 200, 49, 0]))
    await writeFile(join(bank.outgoing, 'c strange\nname.ach'), bank.write([{}]))
    await writeFile(Buffer.concat([Buffer.from(`${bank.outgoing}/d`), Buffer.from([255]), Buffer.from('.ach')]), 'x')
    await writeFile(join(bank.outgoing, 'e-large.ach'), bank.write([{}]))
    await truncate(join(bank.outgoing, 'e-large.ach'), 201 * 1024 * 1024)
    await writeFile(join(bank.outgoing, 'f-good.ach'), bank.write([{}]))
    const answers = await acknowledged()
    expect(statuses(answers).toSorted()).toEqual(['accepted', ...Array(5).fill('rejected')])
    expect(answers.flat().filter((text) => text.includes('larger than 200 MB'))).toHaveLength(1)
    expect(answers.flat().filter((text) => text.includes('not one a bank can read'))).toHaveLength(2)
    expect(await bank.lie()).toEqual([])
  })

  it('leaves alone what is not meant for it', async () => {
    const text = bank.write([{}])
    await writeFile(join(bank.outgoing, 'half.ach.part'), text)
    await writeFile(join(bank.outgoing, '.hidden.ach'), text)
    await writeFile(join(bank.outgoing, 'note.txt'), text)
    await mkdir(join(bank.outgoing, 'folder.ach'))
    await symlink('/etc/passwd', join(bank.outgoing, 'link.ach'))
    expect(await acknowledged()).toEqual([])
    expect(await bank.lie()).toEqual(['.hidden.ach', 'folder.ach', 'half.ach.part', 'link.ach', 'note.txt'])
  })

  it('takes a file once, whenever it crashes', async () => {
    const claim = (name: string) => `.taking-00000000-0000-4000-8000-00000000000${name}-x.ach`
    const text = bank.write([{ amount: 77_00n }])
    // Claimed and not stored: the crash came before the first byte was written down.
    await bank.put(text, 'x.ach')
    await rename(join(bank.outgoing, 'x.ach'), join(bank.outgoing, claim('1')))
    await copyFile(join(bank.outgoing, claim('1')), join(bank.sandbox.dropFolder, 'copy'))
    await bank.sandbox.restart()
    expect(statuses(await acknowledged())).toEqual(['accepted'])
    // Stored and not yet removed: it is there again under the name it was claimed by.
    await copyFile(join(bank.sandbox.dropFolder, 'copy'), join(bank.outgoing, claim('1')))
    await bank.sandbox.restart()
    expect(await acknowledged()).toEqual([])
    expect((await readdir(bank.outgoing)).filter((name) => name.startsWith('.taking'))).toEqual([])
    // Half stored: what is there is written over, not added to.
    const sql = postgres(bank.sandbox.databaseUrl, { max: 1 })
    await sql`insert into fed_file (claim, name, taken_at) values (${claim('2')}, 'x.ach', ${at('2026-01-06 08:00')})`
    await sql`insert into fed_file_part select max(id), 0, 'half' from fed_file`
    const other = bank.write([{ amount: 78_00n }])
    await writeFile(join(bank.outgoing, claim('2')), other)
    expect(statuses(await acknowledged())).toEqual(['accepted'])
    const [row] = await sql`select encode(sha256(fed_file_part.bytes), 'hex') = sha256 as same from fed_file
      join fed_file_part on file_id = id order by id desc limit 1`
    expect(row?.same).toBe(true)
    await sql.end()
  })
})

describe('a large file', () => {
  it('is taken, settled and returned a few thousand entries at a time, each in its turn', {
    timeout: 60_000,
  }, async () => {
    const people = ['profile_mfa', 'profile_08']
    const drafts = Array.from({ length: 11_000 }, (_, index) => ({
      ...{ amount: BigInt(100 + (index % 7)), to: people[index % 2] ?? '', effective: '2026-01-07' },
    }))
    const sum = drafts.reduce((total, { amount }) => total + amount, 0n)
    await bank.put(bank.write(drafts))
    expect(await acknowledged()).toEqual([['accepted', '11000', dollars(sum), '0.00', '']])
    const advice = (await bank.turn('2026-01-07 08:30')).at(-1) ?? ''
    expect((await bank.rows(advice)).map((row) => row.slice(5, 8))).toContainEqual(['11000', dollars(sum), '0.00'])
    const { balance } = await bank.cash()
    const names = await bank.turn('2026-01-08 08:30')
    const file = await bank.returns(names.at(-1) ?? '')
    expect(file).toMatchObject({ agrees: true, findings: [] })
    const back = file.batches.flatMap((batch) => batch.entries)
    const traces = back.map((entry) => entry.traceNumber)
    expect(traces).toEqual(traces.toSorted())
    // Marcus has $4.12, which pays for three or four of his five and a half thousand.
    expect(back.length).toBeGreaterThan(5_490)
    const given = back.reduce((total, entry) => total + entry.amount, 0n)
    expect(Number((await bank.cash()).balance)).toBeCloseTo(Number(balance) - Number(given) / 100)
  })
})

describe('reports', () => {
  it('are left after a crash that came before they were', async () => {
    const sql = postgres(bank.sandbox.databaseUrl, { max: 1 })
    await bank.put(bank.write([{}]))
    await acknowledged()
    const [name = ''] = (await readdir(bank.incoming))
      .filter((one) => one.startsWith('ack-'))
      .toSorted()
      .slice(-1)
    const before = await bank.text(name)
    await sql`update fed_report set left_at = null where name = ${name}`
    await bank.forget(name)
    await sql.end()
    await acknowledged()
    expect(await bank.text(name)).toBe(before)
  })
})

describe('faults of the bank', () => {
  const fault = async (body: object) => expect((await bank.control('/fed/faults', 'POST', body)).status).toBe(201)

  it('lose an acknowledgment, though the file was taken', async () => {
    await bank.turn('2026-01-08 18:00')
    await fault({ kind: 'lose_acknowledgment' })
    await bank.send({ effective: '2026-01-09' })
    expect(await bank.turn('2026-01-09 08:29')).toEqual([])
    expect(await bank.turn('2026-01-09 08:30')).toHaveLength(1)
  })

  it('refuse a good file, and take the next', async () => {
    await fault({ kind: 'refuse_file' })
    const text = bank.write([{ effective: '2026-01-09' }])
    await bank.put(text)
    expect(statuses(await acknowledged())).toEqual(['rejected'])
    await bank.put(text)
    expect(statuses(await acknowledged())).toEqual(['accepted'])
  })

  it('deliver the next file twice, or the next of a kind', async () => {
    await bank.turn('2026-01-09 18:00')
    await fault({ kind: 'deliver_twice', report: 'returns' })
    await bank.send({ effective: '2026-01-12', to: 'profile_08' })
    const names = await bank.turn('2026-01-13 08:30')
    expect(names.map((name) => name.split('-')[0])).toEqual(['ack', 'settlement', 'returns', 'returns'])
    expect(await bank.text(names[2] ?? '')).toBe(await bank.text(names[3] ?? ''))
    await fault({ kind: 'deliver_twice' })
    await bank.send({ effective: '2026-01-14' })
    expect((await bank.turn('2026-01-14 08:30')).map((name) => name.split('-')[0])).toEqual([
      'ack',
      'ack',
      'settlement',
    ])
  })

  it('repeat a return in a later file, and take its money twice', async () => {
    await bank.turn('2026-01-14 18:00')
    const { balance } = await bank.cash()
    await fault({ kind: 'repeat_returns' })
    const [trace = ''] = await bank.send({ effective: '2026-01-15', to: 'profile_08' })
    const first = await bank.turn('2026-01-16 08:30')
    expect(await bank.cameBack(first)).toEqual([`R01 for ${trace}`])
    const second = await bank.turn('2026-01-20 08:30')
    expect(await bank.cameBack(second)).toEqual([`R01 for ${trace}`])
    const [one, other] = (await bank.entry(trace)).answers
    expect(one.trace).not.toBe(other.trace)
    expect(other.isRepeated).toBe(true)
    expect(Number((await bank.cash()).balance)).toBeCloseTo(Number(balance) - 25)
  })

  it('send a return too late', async () => {
    await bank.turn('2026-01-20 18:00')
    await fault({ kind: 'untimely_return' })
    const [trace] = await bank.send({ effective: '2026-01-21', to: 'profile_08' })
    expect(await bank.cameBack(await bank.turn('2026-01-29 08:29'))).toEqual([])
    expect(await bank.cameBack(await bank.turn('2026-01-29 08:30'))).toEqual([`R01 for ${trace}`])
  })

  it('close the bank until they are deleted', async () => {
    await bank.turn('2026-01-29 18:00')
    await bank.send({ effective: '2026-01-30', to: 'profile_08' })
    await bank.turn('2026-01-29 18:02')
    await fault({ kind: 'bank_down' })
    await bank.send({ effective: '2026-01-30' })
    expect(await bank.turn('2026-02-02 12:00')).toEqual([])
    expect(await bank.lie()).toHaveLength(6)
    const { body } = await bank.control('/fed/faults?kind=bank_down', 'DELETE')
    // The settlement and the return of what it had before; the other file it takes only now.
    expect(body).toEqual({ cleared: 1, wrote: 2 })
    expect((await bank.fresh()).map((name) => name.split('-')[0])).toEqual(['settlement', 'returns'])
    const [, advice = ''] = await bank.turn('2026-02-02 17:00')
    expect(await bank.rows(advice)).toMatchObject([{ 0: '2026-02-02', 5: '1' }])
  })

  it('are listed, and read strictly', async () => {
    for (const body of [
      { kind: 'fire' },
      { kind: 'refuse_file', times: 0 },
      { kind: 'bank_down', times: 1 },
      { kind: 'refuse_file', report: 'returns' },
      { kind: 'deliver_twice', report: 'gossip' },
    ])
      expect((await bank.control('/fed/faults', 'POST', body)).status, JSON.stringify(body)).toBe(400)
    const { body } = await bank.control('/fed/faults', 'POST', { kind: 'refuse_file', times: 2 })
    expect((await bank.control('/fed/faults')).body.faults).toMatchObject([{ kind: 'refuse_file', timesLeft: 2 }])
    expect((await bank.control(`/fed/faults/${body.id}`, 'DELETE')).status).toBe(204)
    expect((await bank.control(`/fed/faults/${body.id}`, 'DELETE')).status).toBe(404)
  })
})

describe('a dishonored return', () => {
  const giveBack = async (trace: string, code: string, which: number) => {
    const entry = await bank.entry(trace)
    const answer = entry.answers[which]
    const { body } = await bank.control('/clock')
    await bank.send({
      ...{ number: entry.accountNumber, amount: 25_00n, transactionCode: 26, effective: body.now.slice(0, 10) },
      addenda: {
        ...{ kind: 'dishonored', code, originalTrace: trace, originalRdfi: '01234567' },
        ...{ returnTrace: answer.trace, returnSettlementDay: '001', returnCode: answer.code, trace: '044444440009999' },
      },
    })
  }

  it('takes the money back for a return that came twice, and the bank bears it', async () => {
    await bank.turn('2026-02-02 18:00')
    await bank.control('/fed/faults', 'POST', { kind: 'repeat_returns' })
    const { balance } = await bank.cash()
    const [trace = ''] = await bank.send({ effective: '2026-02-03', to: 'profile_08' })
    const names = await bank.turn('2026-02-05 09:00')
    await giveBack(trace, 'R67', 1)
    expect(await bank.cameBack(names)).toEqual([`R01 for ${trace}`, `R01 for ${trace}`])
    expect(await bank.cameBack(await bank.turn('2026-02-10 12:00'))).toEqual([])
    expect((await bank.cash()).balance).toBe(balance)
  })

  it('is contested when the return was in time, and no duplicate', async () => {
    const { balance } = await bank.cash()
    await bank.turn('2026-02-10 18:00')
    const [trace = ''] = await bank.send({ effective: '2026-02-11', to: 'profile_08' })
    await bank.turn('2026-02-12 09:00')
    await giveBack(trace, 'R68', 0)
    const names = await bank.turn('2026-02-13 08:30')
    expect(await bank.cameBack(names)).toEqual([`R73 for ${trace}`])
    const [batch] = (await bank.returns(names.at(-1) ?? '')).batches
    expect(batch?.entries[0]?.addenda).toMatchObject({
      ...{ kind: 'contested', returnCode: 'R01', dishonoredCode: 'R68', originalSettlementDay: '042' },
      ...{ originalReturnDate: '2026-02-12', returnSettlementDay: '043', dishonoredSettlementDay: '043' },
    })
    expect((await bank.cash()).balance).toBe(balance)
  })
})
