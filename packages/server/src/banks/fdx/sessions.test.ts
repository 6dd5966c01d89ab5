import { expect, it } from 'vitest'
import { openSessions, type Session } from './sessions.ts'

const session = (refreshToken: string): Session => ({
  grant: { consentId: null, refreshToken },
  accessToken: `for-${refreshToken}`,
  renewAt: 0,
})

it('leads every spent refresh token to the latest session, however often it was traded', () => {
  const sessions = openSessions()
  sessions.remember('b', session('r0'))
  for (let n = 1; n <= 3_000; n++) sessions.remember('b', session(`r${n}`), session(`r${n - 1}`).grant)
  for (const n of [0, 1, 1_500, 3_000])
    expect(sessions.find('b', session(`r${n}`).grant)?.accessToken).toBe('for-r3000')
  expect(sessions.find('another', session('r0').grant)).toBeUndefined()
})

it('is not led in a circle by a bank that gives the same or an old refresh token again', () => {
  const sessions = openSessions()
  sessions.remember('b', session('r1'))
  sessions.remember('b', session('r1'), session('r1').grant)
  sessions.remember('b', session('r2'), session('r1').grant)
  sessions.remember('b', session('r1'), session('r2').grant)
  expect(sessions.find('b', session('r2').grant)?.accessToken).toBe('for-r1')
  expect(sessions.find('b', session('r1').grant)?.accessToken).toBe('for-r1')
})

it('forgets, and holds ten thousand at most', () => {
  const sessions = openSessions()
  sessions.remember('b', session('first'))
  sessions.remember('b', session('second'))
  sessions.forget('b', session('second').grant)
  expect(sessions.find('b', session('second').grant)).toBeUndefined()
  for (let n = 0; n < 10_000; n++) sessions.remember('b', session(`r${n}`))
  expect(sessions.find('b', session('first').grant)).toBeUndefined()
  expect(sessions.find('b', session('r0').grant)).toBeDefined()
})
