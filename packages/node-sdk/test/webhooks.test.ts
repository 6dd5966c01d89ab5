import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import fastify from 'fastify'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Event, type RialtoEvent, type VerifyOptions, type WebhookHeaders, webhooks } from '../src/index.ts'

type Vector = Record<'name' | 'secret' | 'id' | 'body' | 'standard' | 'reference', string> & { timestamp: number }

/** Computed by other programs. What signs on the platform reads the same file. */
const vectors: Vector[] = JSON.parse(readFileSync(new URL('signature-vectors.json', import.meta.url), 'utf8'))
const [ascii, utf8, empty] = vectors as [Vector, Vector, Vector]

const standardHeaders = ({ id, timestamp, standard }: Vector) => ({
  'webhook-id': id,
  'webhook-timestamp': `${timestamp}`,
  'webhook-signature': standard,
})
const referenceHeaders = ({ id, timestamp, reference }: Vector) => ({
  'x-signature-uniqueid': id,
  'x-signature-timestamp': `${timestamp}`,
  'x-signature': reference,
})
const at = (seconds: number): VerifyOptions => ({ now: () => new Date(seconds * 1000) })

/** The code of the refusal, or of what else was thrown. */
function refusalOf(verify: () => RialtoEvent): string {
  try {
    verify()
    return 'believed'
  } catch (error) {
    const { name, code } = error as { name: string; code?: string }
    return code ?? name
  }
}

describe('a delivery that the platform signed', () => {
  it.each(vectors)('is believed by either family: $name', (vector) => {
    for (const headers of [standardHeaders(vector), referenceHeaders(vector)]) {
      const verify = () => webhooks.verify(vector.body, headers, vector.secret, at(vector.timestamp))
      // Nothing can be said with an empty body; that it is signed is seen before that.
      if (vector === empty) expect(refusalOf(verify)).toBe('not_json')
      else expect(verify()).toEqual(JSON.parse(vector.body))
    }
  })

  it('is believed as bytes, with header names in any case, in lists, or in a Headers object', () => {
    const headers = standardHeaders(utf8)
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]))
    const forms: WebhookHeaders[] = [headers, upper, new Headers(headers), { ...headers, cookie: undefined }]
    for (const form of forms)
      expect(webhooks.verify(Buffer.from(utf8.body), form, utf8.secret, at(utf8.timestamp))).toMatchObject({
        clientReferenceId: 'café №7 ☕ 🏦',
      })
  })

  it('is believed while one secret replaces another, whichever side is first', () => {
    const both = { ...standardHeaders(ascii), 'webhook-signature': `v1,AAAA v2,BBBB ${ascii.standard}` }
    const older = { ...referenceHeaders(ascii), 'x-signature': `AAAA ${ascii.reference}` }
    for (const headers of [both, older])
      for (const secret of [ascii.secret, ['another', ascii.secret], [ascii.secret, 'another']])
        expect(refusalOf(() => webhooks.verify(ascii.body, headers, secret, at(ascii.timestamp)))).toBe('believed')
  })
})

describe('the library standardwebhooks', () => {
  afterEach(() => void vi.useRealTimers())
  /** It takes secrets that are not whsec_… as bytes only. */
  const open = ({ secret }: Vector) =>
    secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(Buffer.from(secret), { format: 'raw' })

  it.each(vectors)('signs as the platform does, and believes it: $name', (vector) => {
    const { id, timestamp, body, standard } = vector
    expect(open(vector).sign(id, new Date(timestamp * 1000), body)).toBe(standard)
    vi.useFakeTimers({ now: timestamp * 1000 })
    expect(() => open(vector).verify(body, standardHeaders(vector))).not.toThrow()
  })

  it('is believed here', () => {
    const body = JSON.stringify({ id: 'e', eventType: 'report.available' })
    const standard = open(utf8).sign('e', new Date(1_800_000_000_000), body)
    const headers = standardHeaders({ ...utf8, id: 'e', timestamp: 1_800_000_000, standard })
    expect(webhooks.verify(body, headers, utf8.secret, at(1_800_000_000))).toEqual(JSON.parse(body))
  })
})

describe('a delivery is refused', () => {
  const verify = (
    more: Partial<Vector> = {},
    secret: string | string[] = ascii.secret,
    options = at(ascii.timestamp),
  ) =>
    refusalOf(() => webhooks.verify(more.body ?? ascii.body, standardHeaders({ ...ascii, ...more }), secret, options))

  it('when anything that is signed was changed, or the secret is another one', () => {
    expect(verify()).toBe('believed')
    expect(verify({ body: ascii.body.replace('succeeded', 'failed') })).toBe('no_match')
    expect(verify({ body: `${ascii.body} ` })).toBe('no_match')
    expect(verify({ id: utf8.id })).toBe('no_match')
    expect(verify({ timestamp: ascii.timestamp + 1 })).toBe('no_match')
    expect(verify({}, 'another')).toBe('no_match')
    expect(verify({}, ['another', 'and another'])).toBe('no_match')
  })

  it('when a single bit of its body is another one', () => {
    const bytes = Buffer.from(utf8.body)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (place, bit) => {
        const changed = Buffer.from(bytes)
        changed[place] = changed[place]! ^ (1 << bit)
        const verdict = refusalOf(() =>
          webhooks.verify(changed, standardHeaders(utf8), utf8.secret, at(utf8.timestamp)),
        )
        expect(verdict).toBe('no_match')
      }),
      { seed: 1 },
    )
  })

  it('when it is signed in the standard way and that is wrong, whatever else it says', () => {
    const headers = { ...referenceHeaders(ascii), ...standardHeaders({ ...ascii, standard: utf8.standard }) }
    const verdict = refusalOf(() => webhooks.verify(ascii.body, headers, ascii.secret, at(ascii.timestamp)))
    expect(verdict).toBe('no_match')
  })

  it('when it is signed in a way that is not known here', () => {
    expect(verify({ standard: ascii.standard.replace('v1,', 'v2,') })).toBe('no_match')
    expect(verify({ standard: ascii.standard.slice('v1,'.length) })).toBe('no_match')
  })

  it('when it is older or newer than the tolerance', () => {
    expect(verify({}, ascii.secret, at(ascii.timestamp + 300))).toBe('believed')
    expect(verify({}, ascii.secret, at(ascii.timestamp + 301))).toBe('too_old')
    expect(verify({}, ascii.secret, at(ascii.timestamp - 300))).toBe('believed')
    expect(verify({}, ascii.secret, at(ascii.timestamp - 301))).toBe('too_new')
    const patient = { ...at(ascii.timestamp + 301), toleranceSeconds: 600 }
    expect(verify({}, ascii.secret, patient)).toBe('believed')
    expect(verify({}, ascii.secret, {})).toBe('too_old')
  })

  it('when it is not signed, or not wholly', () => {
    const without = (name: string, value?: string) => ({ ...standardHeaders(ascii), [name]: value })
    const forms = [
      {},
      without('webhook-id'),
      without('webhook-timestamp'),
      without('webhook-timestamp', '2026-01-05'),
      without('webhook-timestamp', '-1'),
      { ...referenceHeaders(ascii), 'x-signature-uniqueid': '' },
    ]
    for (const headers of forms)
      expect(refusalOf(() => webhooks.verify(ascii.body, headers, ascii.secret, at(ascii.timestamp)))).toBe(
        'missing_headers',
      )
  })

  it('when its body is signed, but is no event', () => {
    for (const body of ['{', '[]', 'null', '"payment.created"', '{"eventType":1}']) {
      const standard = new Webhook(utf8.secret).sign(utf8.id, new Date(utf8.timestamp * 1000), body)
      const headers = standardHeaders({ ...utf8, standard })
      expect(refusalOf(() => webhooks.verify(body, headers, utf8.secret, at(utf8.timestamp)))).toBe('not_json')
    }
    const notText = Buffer.from([...Buffer.from('{"eventType":"'), 0xff, ...Buffer.from('"}')])
    const hmac = createHmac('sha512', ascii.secret).update(`${ascii.id}.${ascii.timestamp}.`).update(notText)
    const headers = referenceHeaders({ ...ascii, reference: hmac.digest('base64') })
    expect(refusalOf(() => webhooks.verify(notText, headers, ascii.secret, at(ascii.timestamp)))).toBe('not_json')
  })
})

describe('what would make a check worthless', () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 86_401])('a tolerance of %s is refused', (toleranceSeconds) => {
    const options = { ...at(ascii.timestamp), toleranceSeconds }
    expect(() => webhooks.verify(ascii.body, standardHeaders(ascii), ascii.secret, options)).toThrow('toleranceSeconds')
  })

  it.each([[''], [[]], [['another', '']], ['whsec_'], [undefined]])('a secret of %j is refused', (secret) => {
    const verify = () => webhooks.verify(ascii.body, standardHeaders(ascii), secret as string, at(ascii.timestamp))
    expect(verify).toThrow(/^The webhook secret is (empty|missing)\.$/)
  })

  it('a body that was parsed is refused, with what to do about it', () => {
    const parsed = JSON.parse(ascii.body) as string
    const verify = () => webhooks.verify(parsed, standardHeaders(ascii), ascii.secret, at(ascii.timestamp))
    expect(refusalOf(verify)).toBe('body_was_parsed')
    expect(verify).toThrow(/express\.raw\(.*addContentTypeParser\(/)
  })
})

it('gets the body as it arrived from fastify by the words of its own advice', async () => {
  const app = fastify()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/webhooks', async ({ body, headers }) => ({
    heard: webhooks.verify(body as Buffer, headers, utf8.secret, at(utf8.timestamp)).eventType,
  }))
  const headers = { ...standardHeaders(utf8), ...referenceHeaders(utf8), 'content-type': 'application/json' }
  const answer = await app.inject({ method: 'POST', url: '/webhooks', headers, payload: utf8.body })
  expect(answer.json()).toEqual({ heard: 'payment.failed' })
  await app.close()
})

it('tells events apart by their type', () => {
  const event = webhooks.verify(utf8.body, standardHeaders(utf8), utf8.secret, at(utf8.timestamp))
  const says = (told: RialtoEvent): string => {
    switch (told.eventType) {
      case 'payment.failed':
        return `${told.clientReferenceId} ${told.achReturnCode ?? 'declined'}`
      case 'report.available':
        return told.metadata.sha256
      default:
        return told.resourceId
    }
  }
  expect(says(event)).toBe('café №7 ☕ 🏦 declined')
  // Whatever is told here, the API's reference tells too.
  const asInTheReference: Event = event
  expect(asInTheReference.eventType).toBe('payment.failed')
})
