import { createServer, type Server } from 'node:net'
import { expect, it } from 'vitest'
import { checkPorts, readPorts } from './ports.ts'

const hold = (host: string): Promise<{ server: Server; port: number }> =>
  new Promise((done) => {
    const server = createServer()
    server.listen(0, host, () => done({ server, port: (server.address() as { port: number }).port }))
  })

it('uses the usual ports, or those that the environment names', () => {
  expect(readPorts({})).toEqual({ api: 4000, client: 4001, sandbox: 4010, store: 4020 })
  expect(readPorts({ RIALTO_API_PORT: '5000', STORE_PORT: '' })).toMatchObject({ api: 5000, store: 4020 })
})

it.each(['0', '65536', '4e3', '-1', 'web'])('refuses %s as a port', (text) => {
  expect(() => readPorts({ SANDBOX_PORT: text })).toThrow(`SANDBOX_PORT is '${text}'; use a number from 1 to 65535.`)
})

it('refuses one port for two things', () => {
  expect(() => readPorts({ STORE_PORT: '4000' })).toThrow('RIALTO_API_PORT and STORE_PORT are both 4000')
})

it.each(['127.0.0.1', '0.0.0.0', '::'])(
  'names a port that is taken on %s, and the variable that changes it',
  async (host) => {
    const { server, port } = await hold(host)
    const sentence = new RegExp(`^Port ${port}, for the API, is taken.*RIALTO_API_PORT=${port + 100}\\.$`)
    await expect(checkPorts({ api: port })).rejects.toThrow(sentence)
    server.close()
  },
)

it('says nothing of ports that are free', async () => {
  const { server, port } = await hold('::')
  await new Promise((done) => server.close(done))
  await checkPorts({ api: port })
})
