import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { openNames } from './outbound-names.ts'

type Records = Readonly<Record<string, readonly number[] | 'no such name' | 'silence'>>
const kinds: Readonly<Record<number, string>> = { 1: 'A', 28: 'AAAA' }

/** A DNS server (RFC 1035) that answers `A name` and `AAAA name` with one record each, as the test says. */
async function names(records: Records) {
  const server = createSocket('udp4')
  server.on('message', (query, { port, address }) => {
    const end = query.indexOf(0, 12)
    const labels = query
      .subarray(12, end)
      .toString('latin1')
      .replaceAll(/[^-\w]/g, '.')
    const type = query.readUInt16BE(end + 1)
    const record = records[`${kinds[type]} ${labels.slice(1)}`] ?? []
    if (record === 'silence') return
    const isUnknown = record === 'no such name'
    const data = isUnknown ? [] : record
    const head = [...query.subarray(0, 2), 0x81, isUnknown ? 0x83 : 0x80, 0, 1, 0, data.length > 0 ? 1 : 0, 0, 0, 0, 0]
    const answer = data.length > 0 ? [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length, ...data] : []
    server.send(Buffer.from([...head, ...query.subarray(12, end + 5), ...answer]), port, address)
  })
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const opened = openNames([`127.0.0.1:${server.address().port}`])
  onTestFinished(opened.close)
  return opened
}

const ipv6 = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]

it('finds the addresses of both kinds', async () => {
  const { resolve } = await names({
    'A both.example': [192, 0, 2, 7],
    'AAAA both.example': ipv6,
    'A old.example': [192, 0, 2, 8],
  })
  expect([...(await resolve('both.example'))].sort()).toEqual(['192.0.2.7', '2001:db8::7'])
  expect(await resolve('old.example')).toEqual(['192.0.2.8'])
})

it('does without a kind of address that the server keeps silent about', async () => {
  const { resolve } = await names({ 'A half.example': [192, 0, 2, 7], 'AAAA half.example': 'silence' })
  expect(await resolve('half.example')).toEqual(['192.0.2.7'])
})

it('throws what the server says when there is no address, and gives up on silence', async () => {
  const nobody = { 'A nobody.example': 'no such name', 'AAAA nobody.example': 'no such name' } as const
  const silent = { 'A silent.example': 'silence', 'AAAA silent.example': 'silence' } as const
  const { resolve } = await names({ ...nobody, ...silent })
  await expect(resolve('nobody.example')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  await expect(resolve('empty.example')).rejects.toMatchObject({ code: 'ENODATA' })
  await expect(resolve('silent.example')).rejects.toMatchObject({ code: 'ETIMEOUT' })
}, 15_000)

it('asks nobody about the names of this machine', async () => {
  const { resolve } = await names({ 'A localhost': [192, 0, 2, 7] })
  for (const name of ['localhost', 'shop.localhost']) expect(await resolve(name)).toEqual(['127.0.0.1', '::1'])
})
