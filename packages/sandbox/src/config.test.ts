import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'

const database = { SANDBOX_DATABASE_URL: 'postgres://rialto@localhost/sandbox' }

describe('the configuration', () => {
  it('needs only a database', () => {
    expect(readConfig(database)).toMatchObject({
      host: '127.0.0.1',
      port: 4010,
      url: 'http://localhost:4010',
      clients: [{ clientId: 'rialto', redirectUris: ['http://localhost:4001/bank/return'] }],
      dropFolder: './data/drop/meridian',
    })
  })

  it('complains once, about everything', () => {
    const wrong = { SANDBOX_PORT: 'x', SANDBOX_URL: 'http://a/b', SANDBOX_CLIENTS: '[{}]', SANDBOX_DROP: ' ' }
    const read = readConfig(wrong)
    expect('problems' in read && read.problems.map((line) => line.split(' ')[0])).toEqual([
      'SANDBOX_DATABASE_URL',
      'SANDBOX_PORT',
      'SANDBOX_URL',
      'SANDBOX_CLIENTS',
      'SANDBOX_DROP',
    ])
  })

  it('takes other clients', () => {
    const client = { clientId: 'x', name: 'X', jwksUri: 'http://localhost/k', redirectUris: ['http://localhost/r'] }
    expect(readConfig({ ...database, SANDBOX_CLIENTS: JSON.stringify([client]) })).toMatchObject({ clients: [client] })
  })
})
