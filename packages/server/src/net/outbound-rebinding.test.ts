import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { listen } from '../../test/receiver.ts'
import { openOutbound } from './outbound.ts'

const post = { headers: {}, body: '{}' }

/** One address of this machine stands for the public internet; all else here is as private as anywhere. */
function openTo(answers: readonly (readonly string[])[]) {
  const asked: string[] = []
  const resolve = async (name: string) => {
    asked.push(name)
    return answers[asked.length - 1] ?? []
  }
  const outbound = openOutbound({ allow: ['127.0.0.1'], resolve })
  onTestFinished(() => outbound.close())
  return { outbound, asked }
}

const serve = () => listen(createServer((_request, response) => response.end('here')))

it('asks for a name once for a connection, and goes where that answer says', async () => {
  const { port, opened } = await serve()
  const { outbound, asked } = openTo([['127.0.0.1'], ['127.0.0.2'], ['10.0.0.1']])
  // Nobody knows the name but the resolver above: a second look-up, by whoever, would find nothing.
  const url = `http://rebind.example:${port}/`
  expect(await outbound.post(url, post)).toMatchObject({ body: 'here' })
  expect(await outbound.post(url, post)).toMatchObject({ body: 'here' })
  expect(asked).toEqual(['rebind.example'])
  expect(opened()).toBe(1)
})

it('judges anew when a name that was public turns private', async () => {
  const { port, open, opened } = await serve()
  const { outbound, asked } = openTo([['127.0.0.1'], ['127.0.0.2']])
  const url = `http://rebind.example:${port}/`
  expect(await outbound.post(url, post)).toMatchObject({ body: 'here' })
  const [socket] = open
  await once(socket!.destroy(), 'close')
  expect(await outbound.post(url, post)).toMatchObject({ why: 'refused_address' })
  expect(asked).toHaveLength(2)
  expect(opened()).toBe(1)
})

it.each([
  ['a public and a private address', ['127.0.0.1', '10.0.0.1']],
  ['a private and a public address', ['10.0.0.1', '127.0.0.1']],
  ['a private address far down', [...new Array<string>(20).fill('127.0.0.1'), '::1']],
  ['loopback in the notation of IPv6', ['::ffff:127.0.0.2']],
  ['loopback as the groups of IPv6', ['::ffff:7f00:2']],
  ['loopback, translated', ['64:ff9b::7f00:1']],
  ['metadata', ['169.254.169.254']],
  ['an address with a zone', ['fe80::1%lo']],
  ['loopback as a number', ['2130706434']],
  ['a short notation', ['127.2']],
  ['another name', ['localhost']],
])('refuses a name with %s, and opens no connection', async (_what, answer) => {
  const { port, opened } = await serve()
  const { outbound } = openTo([answer])
  expect(await outbound.post(`http://mixed.example:${port}/`, post)).toMatchObject({ why: 'refused_address' })
  expect(opened()).toBe(0)
})

it('does not tell the private address that a name leads to', async () => {
  const { outbound } = openTo([['10.77.66.55']])
  const outcome = await outbound.post('http://inner.example/', post)
  expect(outcome).toMatchObject({
    says: 'inner.example leads to a private network, which is not called. Use a name whose every address is on the public internet.',
  })
})

it('tries the next address of a name when nobody listens at the first', async () => {
  const { port } = await serve()
  const outbound = openOutbound({ allow: ['127.0.0.0/8'], resolve: async () => ['127.0.0.9', '127.0.0.1'] })
  onTestFinished(() => outbound.close())
  expect(await outbound.post(`http://two.example:${port}/`, post)).toMatchObject({ body: 'here' })
})

it('finds nothing at a name without addresses', async () => {
  const { outbound } = openTo([[]])
  expect(await outbound.post('http://nothing.example/', post)).toMatchObject({ why: 'name_not_found' })
})
