import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseAllowedAddresses } from './allowed-addresses.ts'
import { readAllowed, whyRefused } from './public-address.ts'

/** The last address before each range, its first, its last, and the first after it. */
it.each([
  ['0.0.0.0/8', undefined, '0.0.0.0', '0.255.255.255', '1.0.0.0'],
  ['10.0.0.0/8', '9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0'],
  ['100.64.0.0/10', '100.63.255.255', '100.64.0.0', '100.127.255.255', '100.128.0.0'],
  ['127.0.0.0/8', '126.255.255.255', '127.0.0.0', '127.255.255.255', '128.0.0.0'],
  ['168.63.129.16/32', '168.63.129.15', '168.63.129.16', '168.63.129.16', '168.63.129.17'],
  ['169.254.0.0/16', '169.253.255.255', '169.254.0.0', '169.254.255.255', '169.255.0.0'],
  ['172.16.0.0/12', '172.15.255.255', '172.16.0.0', '172.31.255.255', '172.32.0.0'],
  ['192.0.0.0/24', '191.255.255.255', '192.0.0.0', '192.0.0.255', '192.0.1.0'],
  ['192.0.2.0/24', '192.0.1.255', '192.0.2.0', '192.0.2.255', '192.0.3.0'],
  ['192.88.99.0/24', '192.88.98.255', '192.88.99.0', '192.88.99.255', '192.88.100.0'],
  ['192.168.0.0/16', '192.167.255.255', '192.168.0.0', '192.168.255.255', '192.169.0.0'],
  ['198.18.0.0/15', '198.17.255.255', '198.18.0.0', '198.19.255.255', '198.20.0.0'],
  ['198.51.100.0/24', '198.51.99.255', '198.51.100.0', '198.51.100.255', '198.51.101.0'],
  ['203.0.113.0/24', '203.0.112.255', '203.0.113.0', '203.0.113.255', '203.0.114.0'],
  ['224.0.0.0/3', '223.255.255.255', '224.0.0.0', '255.255.255.255', undefined],
  ['::/3', undefined, '::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2000::'],
  [
    '2001::/23',
    '2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001::',
    '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001:200::',
  ],
  ['2001:db8::/32', '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db8::', '2001:db8:ffff::', '2001:db9::'],
  ['2002::/16', '2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2002::', '2002:ffff:ffff::', '2003::'],
  ['3fff::/20', '3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff::', '3fff:fff:ffff::', '3fff:1000::'],
  [
    '4000::/2',
    '3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    '4000::',
    'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    undefined,
  ],
])('refuses %s to its edges and nothing beside it', (_range, before, first, last, after) => {
  for (const inside of [first, last]) expect([inside, whyRefused(inside, [])]).toEqual([inside, expect.any(String)])
  for (const outside of [before, after])
    if (outside) expect([outside, whyRefused(outside, [])]).toEqual([outside, undefined])
})

it.each(['127.0.0.1', '10.1.2.3', '169.254.169.254', '192.168.1.1', '100.100.100.200', '0.0.0.0'])(
  'refuses %s in every notation that IPv6 has for it',
  (address) => {
    const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number]
    const groups = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
    const notations = [
      ...[`::ffff:${address}`, `::ffff:${groups}`, `::FFFF:${groups}`, `0:0:0:0:0:ffff:${groups}`],
      ...[`0000:0000:0000:0000:0000:ffff:${address}`, `::${address}`, `::${groups}`, `64:ff9b::${groups}`],
      ...[`64:ff9b::${address}`, `64:ff9b:1::${groups}`, `2002:${groups}::`, `2002:${groups}::1`, `::ffff:0:${groups}`],
    ]
    for (const notation of notations)
      expect([notation, whyRefused(notation, [])]).toEqual([notation, expect.any(String)])
  },
)

it.each([
  ...['::1', '::', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'fd20:ce::254', 'fec0::1', 'ff02::1', '100::1', '5f00::1'],
  ...['2001:0:1::1', '2001:20::1', '2130706433', '0x7f000001', '127.1', '0177.0.0.1', '127.0.0.1.', '127.0.0.01', ''],
  ...['fe80::1%eth0', '::1%1', '2606:4700::1%2', '[::1]', ' 127.0.0.1', 'localhost', '1.2.3.4/8', '::ffff:127.1'],
])("refuses '%s'", (address) => {
  expect(whyRefused(address, [])).toEqual(expect.any(String))
})

it.each(['1.1.1.1', '8.8.8.8', '93.184.215.14', '2606:4700:4700::1111', '2a00:1450::1', '::ffff:8.8.8.8'])(
  'lets %s pass',
  (address) => expect(whyRefused(address, [])).toBeUndefined(),
)

it('reaches public IPv4 through the translation of a network without it', () => {
  expect(whyRefused('64:ff9b::8.8.8.8', [])).toBeUndefined()
})

it('judges IPv4 inside IPv6 as IPv4, whatever the address and the notation', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const hex = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))
      const groups = `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`
      for (const written of [`::ffff:${address}`, `::ffff:${groups}`, `64:ff9b::${groups}`])
        expect(whyRefused(written, [])).toBe(whyRefused(address, []))
    }),
    { seed: 1 },
  )
})

it('calls what is allowed, in every notation of it, and nothing else', () => {
  const allowed = readAllowed(['127.0.0.0/8', '::1', 'fd00:1::/32', '10.1.2.3'])
  for (const address of [
    '127.0.0.1',
    '127.255.0.1',
    '::ffff:127.0.0.1',
    '::1',
    '0:0:0:0:0:0:0:1',
    'fd00:1:2::3',
    '10.1.2.3',
  ])
    expect([address, whyRefused(address, allowed)]).toEqual([address, undefined])
  for (const address of ['10.1.2.4', '::2', 'fd00:2::1', '169.254.169.254', '64:ff9b::127.0.0.1', '::127.0.0.1'])
    expect([address, whyRefused(address, allowed)]).toEqual([address, expect.any(String)])
})

it('does not take IPv4 into a range of IPv6', () => {
  expect(whyRefused('127.0.0.1', readAllowed(['::/64']))).toBe('this machine')
})

it('reads a list of ranges and addresses', () => {
  expect(parseAllowedAddresses(' 127.0.0.0/8, ::1\n10.1.2.3 fd00::/8,')).toEqual({
    ranges: ['127.0.0.0/8', '::1', '10.1.2.3', 'fd00::/8'],
  })
  expect(parseAllowedAddresses('')).toEqual({ ranges: [] })
})

it.each([
  ['localhost', 'is not an address or a range; use numbers such as 10.1.2.3, 10.1.0.0/16 or fd00:1::/32, not names'],
  ['127.1', 'is not an address or a range; use numbers such as 10.1.2.3, 10.1.0.0/16 or fd00:1::/32, not names'],
  ['fe80::1%eth0', 'is not an address or a range; use numbers such as 10.1.2.3, 10.1.0.0/16 or fd00:1::/32, not names'],
  ['127.0.0.1/8', 'has bits set after the first 8; use the first address of the range, or the address alone'],
  ['10.0.0.0/33', 'has a wrong length after the slash; use a number up to 32'],
  ['10.0.0.0/', 'has a wrong length after the slash; use a number up to 32'],
  ['fd00::/129', 'has a wrong length after the slash; use a number up to 128'],
  ['0.0.0.0/0', 'is too wide; list the networks that you mean, none wider than /8'],
  ['::/0', 'is too wide; list the networks that you mean, none wider than /7'],
  ['::ffff:0:0/96', 'is too wide; list the networks that you mean, none wider than /8'],
])('says what is wrong with %s', (entry, problem) => {
  expect(parseAllowedAddresses(`10.0.0.0/8,${entry}`)).toEqual({ problems: [`'${entry}' ${problem}`] })
})

it('says all that is wrong at once', () => {
  expect(parseAllowedAddresses('one, two')).toEqual({
    problems: [expect.stringContaining('one'), expect.stringContaining('two')],
  })
})
