import { createServer as createHttp } from 'node:http'
import { createServer } from 'node:https'
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls'
import { expect, it, onTestFinished } from 'vitest'
import { selfSigned, type TestCertificate } from '../../test/certificate.ts'
import { listen } from '../../test/receiver.ts'
import { openOutbound } from './outbound.ts'

const post = { headers: {}, body: '{}' }

const secure = (certificate: TestCertificate) =>
  listen(
    createServer(certificate, ({ socket, headers }, response) =>
      response.end(`${headers.host} asked for ${(socket as TLSSocket).servername}`),
    ),
    { secure: true },
  )

/** What every name leads to here; the certificate is checked against the name all the same. */
function open() {
  const outbound = openOutbound({ allow: ['127.0.0.0/8'], resolve: async () => ['127.0.0.1'] })
  onTestFinished(() => outbound.close())
  return outbound
}

/** As an operator does with NODE_EXTRA_CA_CERTS, until the test ends. */
function trust({ cert }: TestCertificate): void {
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, cert])
  onTestFinished(() => setDefaultCACertificates(before))
}

it('sends to a server whose certificate is for the name, over a connection that is kept', async () => {
  const certificate = selfSigned('hooks.example')
  trust(certificate)
  const { port, opened } = await secure(certificate)
  const outbound = open()
  for (let turn = 0; turn < 2; turn += 1)
    expect(await outbound.post(`https://hooks.example:${port}`, post)).toMatchObject({
      ...{ status: 200, body: `hooks.example:${port} asked for hooks.example` },
    })
  expect(opened()).toBe(1)
})

it('tells the name without its last dot to the server, and checks the certificate for it', async () => {
  const certificate = selfSigned('hooks.example')
  trust(certificate)
  const { port } = await secure(certificate)
  expect(await open().post(`https://Hooks.Example.:${port}`, post)).toMatchObject({
    ...{ status: 200, body: `hooks.example:${port} asked for hooks.example` },
  })
})

it('refuses a certificate that nobody vouches for', async () => {
  const { port } = await secure(selfSigned('hooks.example'))
  expect(await open().post(`https://hooks.example:${port}`, post)).toMatchObject({
    ...{ why: 'bad_certificate' },
    says: 'The certificate of hooks.example is signed by itself, not by a public authority.',
  })
})

it('refuses it also where the environment asks to be careless', async () => {
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  onTestFinished(() => {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
  })
  const { port } = await secure(selfSigned('hooks.example'))
  expect(await open().post(`https://hooks.example:${port}`, post)).toMatchObject({ why: 'bad_certificate' })
})

it('refuses a certificate for another name, and the bare address of a server that has one for its name', async () => {
  const certificate = selfSigned('hooks.example')
  trust(certificate)
  const { port } = await secure(certificate)
  const outbound = open()
  for (const host of ['other.example', '127.0.0.1'])
    expect(await outbound.post(`https://${host}:${port}`, post)).toMatchObject({
      ...{ why: 'bad_certificate', says: `The certificate of ${host} is for another name.` },
    })
})

it('refuses a certificate that has expired', async () => {
  const certificate = selfSigned('hooks.example', { hasExpired: true })
  trust(certificate)
  const { port } = await secure(certificate)
  expect(await open().post(`https://hooks.example:${port}`, post)).toMatchObject({
    ...{ why: 'bad_certificate', says: 'The certificate of hooks.example has expired.' },
  })
})

it('tells when a server does not speak TLS at all', async () => {
  const { port } = await listen(createHttp((_request, response) => response.end()))
  expect(await open().post(`https://hooks.example:${port}`, post)).toMatchObject({
    ...{ why: 'not_connected', says: expect.stringContaining('did not agree on a secure connection') },
  })
})
