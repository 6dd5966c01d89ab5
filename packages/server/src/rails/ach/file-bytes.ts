import { createHash } from 'node:crypto'
import type { House } from '../../house.ts'
import { assert } from '../../kernel/assert.ts'
import { findPiece } from './ach-file.store.ts'
import { type AchFile, pieceContext } from './ach-file.ts'

/** The stored bytes, whole, as they were hashed. */
export async function readBytes(
  house: Pick<House, 'sql' | 'vault'>,
  file: Pick<AchFile, 'id' | 'sha256'>,
): Promise<Buffer> {
  const pieces: Buffer[] = []
  const hash = createHash('sha256')
  for (let piece = 0; ; piece++) {
    const sealed = await findPiece(house.sql, file.id, piece)
    if (sealed === undefined) break
    const bytes = Buffer.from(await house.vault.open(sealed, pieceContext(file.id, piece)), 'latin1')
    hash.update(bytes)
    pieces.push(bytes)
  }
  assert(hash.digest('hex') === file.sha256, 'a stored file is what it was when it was built')
  return Buffer.concat(pieces)
}
