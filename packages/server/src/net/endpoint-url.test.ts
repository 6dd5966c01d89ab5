import { createServer } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { listen } from '../../test/receiver.ts'
import { checkEndpointUrl } from './endpoint-url.ts'
import { openOutbound } from './outbound.ts'

const strict = { allow: [], allowHttp: false }
const laptop = { allow: ['127.0.0.0/8', '::1'], allowHttp: true }

/** This machine, in whatever notation a browser would understand. */
const loopback = [
  ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0X7F.1', '0x7f.0x0.0x0.0x1', '0177.0.0.1'],
  ...['017700000001', '127.0.0.1.', '127.1.', '2130706433.', '127.0.0.%31', '%31%32%37.0.0.1', '127%2e0%2e0%2e1'],
  ...['１２７.0.0.1', '127。0。0。1', '①②⑦.0.0.1', '127．1', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]'],
  ...['[::ffff:7f00:1]', '[::FFFF:7F00:0001]', '[0:0:0:0:0:ffff:127.0.0.1]', '127.255.255.254', '127.0.0.1:443'],
  ...['localhost', 'LocalHost', 'localhost.', 'ⓛⓞⓒⓐⓛhost', 'loc\u00adalhost', 'shop.localhost', 'shop.localhost.'],
]
const others = [
  ...['0', '0.0.0.0', '0x0', '[::]', '10.0.0.1', '167772161', '192.168.1', '0300.0250.0.1', '172.31.255.255'],
  ...['169.254.169.254', '0xA9FEA9FE', '2852039166', '[::ffff:a9fe:a9fe]', '[64:ff9b::a9fe:a9fe]', '[fd00:ec2::254]'],
  ...['100.100.100.200', '168.63.129.16', '[fe80::1]', '[fc00::1]', '[::127.0.0.1]', '[2002:7f00:1::]', '[ff02::1]'],
  ...['255.255.255.255', '224.0.0.1', '192.0.0.192', '[64:ff9b::7f00:1]', '[2001::1]', '[100::1]', '[4000::1]'],
]

it.each([...loopback, ...others])('refuses https://%s by its text, and at connect', async (host) => {
  const asked: string[] = []
  const resolve = async (name: string) => {
    asked.push(name)
    return ['127.0.0.1', '::1']
  }
  const outbound = openOutbound({ allow: [], resolve, timeoutMs: 1_000 })
  onTestFinished(() => outbound.close())
  const url = `https://${host}/hooks`
  expect(checkEndpointUrl(url, strict)).toEqual({
    problem: expect.stringMatching(/^\S+ is .+\. Use an address that the public internet reaches\.$/),
  })
  expect(await outbound.post(url, { headers: {}, body: '' })).toMatchObject({
    ...{ why: 'refused_address', says: expect.stringMatching(/ (is|leads to) .+, which is not called\./) },
  })
  expect(asked.every((name) => name.endsWith('localhost'))).toBe(true)
})

it.each(loopback.filter((host) => host.includes('127') && !host.endsWith('254') && !host.includes(':443')))(
  'calls http://%s where loopback is allowed',
  async (host) => {
    const { port } = await listen(createServer((_request, response) => response.end('here')))
    const outbound = openOutbound({ allow: ['127.0.0.0/8'] })
    onTestFinished(() => outbound.close())
    const checked = checkEndpointUrl(`http://${host}:${port}/`, laptop)
    expect(checked).toEqual({ url: expect.stringMatching(/^http:\/\/(127\.0\.0\.1|\[::ffff:7f00:1\]):\d+\/$/) })
    if ('url' in checked)
      expect(await outbound.post(checked.url, { headers: {}, body: '' })).toMatchObject({ body: 'here' })
  },
)

it.each(['localhost', 'LocalHost', 'shop.localhost.'])(
  'calls http://%s where both of its addresses are allowed',
  async (host) => {
    const { port } = await listen(createServer((_request, response) => response.end('here')))
    const outbound = openOutbound({ allow: laptop.allow })
    onTestFinished(() => outbound.close())
    expect(await outbound.post(`http://${host}:${port}`, { headers: {}, body: '' })).toMatchObject({ body: 'here' })
  },
)

it.each([
  ['https://shop.example', 'https://shop.example/'],
  ['HTTPS://Shop.Example:443/Hooks?a=b', 'https://shop.example/Hooks?a=b'],
  ['https://shop.example./hooks', 'https://shop.example/hooks'],
  ['https://shop.example:8443/a b', 'https://shop.example:8443/a%20b'],
  [' https://bücher.example/hooks ', 'https://xn--bcher-kva.example/hooks'],
  ['https://8.8.8.8/hooks', 'https://8.8.8.8/hooks'],
  ['https://[2606:4700::1]:8443/', 'https://[2606:4700::1]:8443/'],
  // A name that a rebinding service answers with 127.0.0.1. The text cannot know; connect will.
  ['https://127.0.0.1.rebind.example', 'https://127.0.0.1.rebind.example/'],
])('takes %s as %s', (text, url) => expect(checkEndpointUrl(text, strict)).toEqual({ url }))

it.each([
  ['shop.example/hooks', 'Use a complete web address'],
  ['', 'Use a complete web address'],
  ['ftp://shop.example', 'Use a complete web address'],
  ['javascript:alert(1)', 'Use a complete web address'],
  ['file:///etc/passwd', 'Use a complete web address'],
  ['https://', 'Use a complete web address'],
  ['https://shop..example', 'Use a complete web address'],
  ['https://shop.example..', 'Use a complete web address'],
  ['https://shop!.example', 'Use a complete web address'],
  ['https://[fe80::1%25eth0]/', 'Use a complete web address'],
  [`https://${'a'.repeat(64)}.example`, 'Use a complete web address'],
  ['http://shop.example', 'begins with https://'],
  ['https://user:secret@shop.example', 'Leave the user name and password out'],
  ['https://user@shop.example', 'Leave the user name and password out'],
  ['https://shop.example/#top', 'Leave out the part from # on'],
  ['https://shop.example/#', 'Leave out the part from # on'],
  [`https://shop.example/${'a'.repeat(1_980)}`, 'at most 2000 characters'],
  [`https://shop.example/${'é'.repeat(400)}`, 'at most 2000 characters'],
  ['https://intranet', 'a name of a private network'],
  ['https://db.internal', 'a name of a private network'],
  ['https://printer.LOCAL.', 'a name of a private network'],
  ['https://nas.home.arpa', 'a name of a private network'],
])('refuses %s and says what to do', (text, problem) => {
  expect(checkEndpointUrl(text, strict)).toEqual({ problem: expect.stringContaining(problem) })
})

it('takes names of this machine and of inner networks where ranges of them are allowed', () => {
  for (const host of ['localhost:4020', 'shop.localhost', 'receiver:8080', 'db.internal'])
    expect(checkEndpointUrl(`http://${host}/`, laptop)).toEqual({ url: `http://${host}/` })
  expect(checkEndpointUrl('http://10.0.0.1/', laptop)).toHaveProperty('problem')
  expect(checkEndpointUrl('http://localhost/', { ...laptop, allow: ['127.0.0.0/8'] })).toHaveProperty('problem')
})
