import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

// 32 MiB and about a tenth of a second per try: cheap for one customer, dear for a thief with the whole table.
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } satisfies ScryptOptions

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, 32, cost, (error, key) => (error ? reject(error) : resolve(key))),
  )

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return `scrypt:${salt.toString('base64url')}:${(await derive(password, salt)).toString('base64url')}`
}

const nobody = `scrypt:${'A'.repeat(22)}:${'A'.repeat(43)}`

/** Takes as long for an account that does not exist (`undefined`) as for one that does. */
export async function passwordMatches(password: string, stored: string = nobody): Promise<boolean> {
  const [, salt = '', key = ''] = stored.split(':')
  const derived = await derive(password, Buffer.from(salt, 'base64url'))
  return timingSafeEqual(derived, Buffer.from(key, 'base64url')) && stored !== nobody
}
