import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify<string, Buffer, number, Buffer>(scrypt)
const BYTES = 32

/** A salted scrypt hash, as `salt.hash`. Two hashes of one password differ. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return `${salt.toString('base64url')}.${(await derive(password, salt, BYTES)).toString('base64url')}`
}

/**
 * The hash of no password at all: compared when the login is unknown, so that an unknown login takes as long as a known
 * one.
 */
export const nobodysHash = `${'A'.repeat(22)}.${'A'.repeat(43)}`

export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [salt = '', hash = ''] = stored.split('.')
  const expected = Buffer.from(hash, 'base64url')
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64url'), BYTES), expected)
}
