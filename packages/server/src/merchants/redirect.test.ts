import { expect, it } from 'vitest'
import { redirectAllowed, whyNotRedirect } from './redirect.ts'

const list = [
  'https://shop.example/done',
  'https://shop.example:8443/',
  'http://localhost:4020/back',
  'https://xn--bcher-kva.example/',
]

it.each([
  ['https://shop.example/done'],
  ['https://shop.example/done?order=7&next=https://evil.example'],
  ['https://shop.example/done?email=a@b.example&back=https%3A%2F%2Fshop.example%2F'],
  ['https://shop.example:443/done'],
  ['HTTPS://SHOP.example/done'],
  ['https://shop.example:8443'],
  ['http://localhost:4020/back?x'],
  ['https://xn--bcher-kva.example/'],
])('sends a customer to %s', (url) => {
  expect(redirectAllowed(list, false, url)).toBe(true)
})

it.each([
  ['another host', 'https://evil.example/done'],
  ['another scheme', 'http://shop.example/done'],
  ['another port', 'https://shop.example:444/done'],
  ['another path', 'https://shop.example/done/'],
  ['a deeper path', 'https://shop.example/done/more'],
  ['a path in capitals', 'https://shop.example/Done'],
  ['a sub-domain', 'https://a.shop.example/done'],
  ['the host as the beginning of another', 'https://shop.example.evil.example/done'],
  ['the host as a user name', 'https://shop.example@evil.example/done'],
  ['a user name', 'https://me@shop.example/done'],
  ['an empty user name', 'https://@shop.example/done'],
  ['a password', 'https://me:secret@shop.example/done'],
  ['a backslash before the host', 'https:\\\\shop.example/done'],
  ['a backslash in the host', 'https://evil.example\\@shop.example/done'],
  ['a backslash in the path', 'https://shop.example\\done'],
  ['a script', 'javascript:alert(1)//https://shop.example/done'],
  ['data', 'data:text/html,https://shop.example/done'],
  ['a dot at the end of the host', 'https://shop.example./done'],
  ['an escaped letter in the host', 'https://sh%6fp.example/done'],
  ['an escaped letter in the path', 'https://shop.example/d%6fne'],
  ['an escaped slash', 'https://shop.example/%2fdone'],
  ['escaped dots', 'https://shop.example/a/%2e%2e/done'],
  ['dots in the path', 'https://shop.example/a/../done'],
  ['a dot in the path', 'https://shop.example/./done'],
  ['a backslash in the query', 'https://shop.example/done?\\\\evil.example'],
  ['a number for a host', 'https://2130706433/done'],
  ['a tabulator', 'https://shop.example/do\tne'],
  ['a line break', 'https://shop.example/done\r\nSet-Cookie: a=b'],
  ['a space before', ' https://shop.example/done'],
  ['a zero byte', 'https://shop.example/done\u0000'],
  ['a fragment', 'https://shop.example/done#x'],
  ['an empty fragment', 'https://shop.example/done#'],
  ['a full-width letter', 'https://ｓhop.example/done'],
  ['a Cyrillic letter', 'https://shоp.example/done'],
  ['an ideographic full stop', 'https://shop。example/done'],
  ['a name that the browser would turn into a listed one', 'https://bücher.example/'],
  ['no scheme', '//shop.example/done'],
  ['one slash', 'https:/shop.example/done'],
  ['no slash', 'https:shop.example/done'],
  ['three slashes', 'https:///shop.example/done'],
  ['a path only', '/done'],
  ['nothing', ''],
  ['too much', `https://shop.example/done?${'x'.repeat(2_000)}`],
])('sends nobody to %s', (_what, url) => {
  expect(redirectAllowed(list, false, url)).toBe(false)
  expect(redirectAllowed(list, true, url)).toBe(false)
})

it.each([
  ['http://localhost:3000/anything', true],
  ['http://localhost', true],
  ['http://127.0.0.1:8080/x?y', true],
  ['http://localhost.evil.example/', false],
  ['http://evil-localhost/', false],
  ['http://localhost@evil.example/', false],
  ['http://localhost./', false],
  ['http://0.0.0.0/', false],
  ['http://[::1]/', false],
  ['http://192.168.0.1/', false],
])('sends a developer to %s: %s, and nobody in production', (url, expected) => {
  expect(redirectAllowed([], true, url)).toBe(expected)
  expect(redirectAllowed([], false, url)).toBe(false)
})

it.each([
  ['https://shop.example/done', true, undefined],
  ['https://shop.example/done?shop=7', false, undefined],
  ['http://localhost:4020/', true, undefined],
  ['http://localhost:4020/', false, 'must be https'],
  ['http://shop.example/', true, 'must be https'],
  ['https://shop.example/#done', true, 'must not have a fragment'],
  ['https://me@shop.example/', true, expect.stringContaining('absolute')],
  ['shop.example', true, expect.stringContaining('absolute')],
  ['ftp://shop.example/', true, expect.stringContaining('absolute')],
])('puts %s on a list (localhost allowed: %s): %s', (url, localRedirects, why) => {
  expect(whyNotRedirect(localRedirects, url)).toEqual(why)
})
