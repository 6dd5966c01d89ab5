import { expect, it } from 'vitest'
import { card, type Status } from './card.ts'

const status: Status = {
  environment: 'sandbox',
  ready: true,
  urls: {
    api: 'http://localhost:4000',
    client: 'http://localhost:4001',
    docs: 'http://localhost:4000/docs',
    sandbox: 'http://localhost:4010',
    demoStore: 'http://localhost:4020',
  },
  merchant: { id: '0199f1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a', name: 'Rialto Demo Store' },
  client: { id: '0199f1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1b', secret: `rialto_sandbox_${'s'.repeat(43)}` },
  databases: { server: '', sandbox: '' },
}
const plain = { colour: false, demoStore: true }
const lines = (text: string) => text.split('\n')
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
const uncoloured = (text: string) => text.replace(/\x1b\[\d+m/g, '')

it('is a straight box at most 80 columns wide', () => {
  const all = lines(card(status, plain))
  expect(Math.max(...all.map((line) => line.length))).toBeLessThanOrEqual(80)
  const box = all.filter((line) => /^[┌│└]/.test(line))
  expect(box.length).toBeGreaterThan(10)
  expect(new Set(box.map((line) => line.length)).size).toBe(1)
})

it('stays within 80 columns, and its box straight, when the secret is long', () => {
  const long = { ...status, client: { ...status.client, secret: 's'.repeat(70) } }
  const box = lines(card(long, plain)).filter((line) => /^[┌│└]/.test(line))
  expect(new Set(box.map((line) => line.length)).size).toBe(1)
  expect(box[0]?.length).toBeLessThanOrEqual(80)
  expect(box.join('\n')).toContain('s'.repeat(70))
})

it('says the same with colours and without', () => {
  expect(uncoloured(card(status, { ...plain, colour: true }))).toBe(card(status, plain))
})

it('ends with a first call that a shell takes as it stands', () => {
  const call = lines(card(status, plain)).filter((line) => /^ {2}(curl| {2}-d)/.test(line))
  const words = call.join('\n').replace(/\\\n/g, '').trim().split(/\s+/)
  expect(words.slice(0, 2)).toEqual(['curl', 'http://localhost:4000/v1/tokens'])
  expect(words.filter((_, index) => index > 2 && index % 2 === 1)).toEqual([
    'grant_type=client_credentials',
    'scope=Link-Payment',
    `client_id=${status.client.id}`,
    `client_secret=${status.client.secret}`,
  ])
})

it('does not show a store that was left out', () => {
  expect(card(status, { ...plain, demoStore: false })).not.toContain('4020')
})
