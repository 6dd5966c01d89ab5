import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { signatureHeaders } from './signature.ts'

type Vector = Record<'name' | 'secret' | 'id' | 'body' | 'standard' | 'reference', string> & { timestamp: number }

/** Those by which the SDK verifies, made with another tool. */
const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../node-sdk/test/signature-vectors.json'), 'utf8'),
) as Vector[]

it.each(vectors)(
  'signs $name as the SDK expects it, by both families',
  ({ secret, id, timestamp, body, ...wanted }) => {
    expect(signatureHeaders([secret], { id, at: new Date(timestamp * 1000 + 999), body })).toEqual({
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': wanted.standard,
      'x-signature-uniqueid': id,
      'x-signature-timestamp': String(timestamp),
      'x-signature': wanted.reference,
    })
  },
)

it('signs by every secret while one replaces another; the form with room for one keeps to the oldest', () => {
  const message = { id: 'one', at: new Date(0), body: '{}' }
  const [both, fresh, former] = [['new', 'old'], ['new'], ['old']].map((secrets) => signatureHeaders(secrets, message))
  expect(both?.['webhook-signature']).toBe(`${fresh?.['webhook-signature']} ${former?.['webhook-signature']}`)
  expect(both?.['x-signature']).toBe(former?.['x-signature'])
})
