import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import { listen } from '../../test/receiver.ts'
import { connect } from './outbound-connect.ts'
import { exchange, speakOver } from './outbound-exchange.ts'
import { openPlaces } from './outbound-places.ts'
import { readAllowed } from './public-address.ts'

const { signal } = new AbortController()
const one = 'http://one.example'
const two = 'http://two.example'

it('gives out as many places for an origin as there may be, and the next to who has waited longest', async () => {
  const places = openPlaces({ perOrigin: 2, inAll: 3 })
  const [first, second] = [await places.take(one, signal), await places.take(one, signal)]
  const order: string[] = []
  const third = places.take(one, signal).then(() => order.push('third'))
  const fourth = places.take(one, signal).then(() => order.push('fourth'))
  // Another origin does not wait for this one.
  const other = await places.take(two, signal)
  places.giveBack(other!, false)
  places.giveBack(second!, false)
  await third
  places.giveBack(first!, false)
  await fourth
  expect(order).toEqual(['third', 'fourth'])
})

it('lets the one who waits for a place among all have that of another origin', async () => {
  const places = openPlaces({ perOrigin: 2, inAll: 1 })
  const first = await places.take(one, signal)
  const second = places.take(two, signal)
  places.giveBack(first!, true)
  expect(await second).toMatchObject({ origin: two, isClosed: false })
  expect(first!.isClosed).toBe(true)
})

it('does not wait for a place longer than it is told', async () => {
  const places = openPlaces({ perOrigin: 1, inAll: 1 })
  const first = await places.take(one, signal)
  const soon = new AbortController()
  const second = places.take(one, soon.signal)
  soon.abort()
  expect(await second).toBeUndefined()
  expect(await places.take(one, soon.signal)).toBeUndefined()
  // Who gave up is not given what comes free.
  places.giveBack(first!, false)
  expect(await places.take(one, signal)).toMatchObject({ isClosed: false })
})

it('forgets a kept connection as soon as the other side hangs up', async () => {
  const { port, origin, open } = await listen(createServer((_request, response) => response.end()))
  const target = { secure: false, host: '127.0.0.1', port, origin, path: '/' }
  const socket = await connect(target, { resolve: async () => [], allowed: readAllowed(['127.0.0.1']) }, signal)
  if ('why' in socket) throw new Error(socket.says)
  const places = openPlaces({ perOrigin: 1, inAll: 1 })
  const place = (await places.take(origin, signal))!
  const client = places.fill(place, speakOver(socket, origin))
  const { isDone } = await exchange(client, '/', { headers: {}, body: '' }, 10, signal)
  places.giveBack(place, isDone)
  const hungUp = once(client, 'disconnect')
  for (const theirs of open) theirs.destroy()
  await hungUp
  expect(place.isClosed).toBe(true)
  expect((await places.take(origin, signal))?.client).toBeUndefined()
})
