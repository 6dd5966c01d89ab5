import { expect, it } from 'vitest'
import { connect } from './connect.ts'

it('waits for a server that is not there yet, and gives up when its patience ends', async () => {
  const start = performance.now()
  await expect(connect('postgres://nobody@127.0.0.1:1/none', 600)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(performance.now() - start).toBeGreaterThan(500)
})
