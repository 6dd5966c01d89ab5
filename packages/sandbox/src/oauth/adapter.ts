import { createHash } from 'node:crypto'
import { type Adapter, type AdapterPayload, errors, Provider } from 'oidc-provider'
import type { Bank } from '../banks/bank.ts'
import { currentConsent, endConsent } from '../consents/consent.commands.ts'
import type { Ending } from '../consents/consent.ts'
import type { World } from '../world.ts'

const keyOf = (id: string): string => createHash('sha256').update(id).digest('base64url')

/** Models that die with their grant, beside the grant itself. */
const hangsFromGrant = new Set(['AuthorizationCode', 'RefreshToken', 'AccessToken'])

type Row = Readonly<{ payload: AdapterPayload; consumedAt: Date | null }>

const toPayload = (row: Row, id?: string): AdapterPayload => ({
  ...row.payload,
  ...(id ? { jti: id } : {}),
  ...(row.consumedAt ? { consumed: Math.floor(row.consumedAt.getTime() / 1000) } : {}),
})

/**
 * Keeps oidc-provider's records in PostgreSQL, so that a restart keeps every link.
 * Ids (which are the tokens themselves) are stored as hashes only.
 */
export class PostgresAdapter implements Adapter {
  readonly #world: World
  readonly #bank: Bank
  readonly #model: string

  constructor(world: World, bank: Bank, model: string) {
    this.#world = world
    this.#bank = bank
    this.#model = model
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const { sql, realNow } = this.#world
    const expiresAt = expiresIn ? new Date(realNow().getTime() + expiresIn * 1000) : null
    // A session is also found by its uid, and then needs to say its own id.
    const { jti, ...rest } = payload
    const stored = JSON.stringify(this.#model === 'Session' ? payload : rest)
    const grantId = this.#model === 'Grant' ? id : hangsFromGrant.has(this.#model) ? payload.grantId : undefined
    // A used assertion is never overwritten: of two that race, the second is the replay.
    const onConflict =
      this.#model === 'ReplayDetection'
        ? sql`do nothing`
        : sql`do update set payload = excluded.payload, expires_at = excluded.expires_at`
    const written = await sql`
      insert into oidc_record (bank, model, key, payload, grant_id, uid, expires_at)
      values (${this.#bank.slug}, ${this.#model}, ${keyOf(id)}, ${stored}::text::jsonb, ${grantId ?? null},
              ${payload.uid ?? null}, ${expiresAt})
      on conflict (bank, model, key) ${onConflict} returning key`
    if (written.length === 0) throw new errors.InvalidClientAuth('client assertion tokens must only be used once')
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const { sql } = this.#world
    // Asking for the grant is where a refresh finds out that the consent is over.
    if (this.#model === 'Grant' && (await currentConsent(this.#world, this.#bank.slug, id))?.status !== 'ACTIVE')
      return undefined
    const [row] = await sql<Row[]>`
      select payload, consumed_at as "consumedAt" from oidc_record
      where bank = ${this.#bank.slug} and model = ${this.#model} and key = ${keyOf(id)}`
    return row && toPayload(row, id)
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const [row] = await this.#world.sql<Row[]>`
      select payload, consumed_at as "consumedAt" from oidc_record
      where bank = ${this.#bank.slug} and model = ${this.#model} and uid = ${uid}`
    return row && toPayload(row)
  }

  /** Device codes are not offered here, so there is never one to find. */
  async findByUserCode(): Promise<undefined> {
    return undefined
  }

  /** Uses a record up, once. Of two that race for one token the second is a replay, and ends the whole family. */
  async consume(id: string): Promise<void> {
    const { sql, realNow } = this.#world
    const record = sql`bank = ${this.#bank.slug} and model = ${this.#model} and key = ${keyOf(id)}`
    const first = await sql`
      update oidc_record set consumed_at = ${realNow()} where ${record} and consumed_at is null returning key`
    if (first.length === 1) return
    const [used] = await sql<
      { grantId: string | null }[]
    >`select grant_id as "grantId" from oidc_record where ${record}`
    if (used?.grantId) await this.revokeByGrantId(used.grantId)
    throw new errors.InvalidGrant('already used')
  }

  async destroy(id: string): Promise<void> {
    const { sql } = this.#world
    if (this.#model === 'Grant') return this.revokeByGrantId(id)
    await sql`
      delete from oidc_record where bank = ${this.#bank.slug} and model = ${this.#model} and key = ${keyOf(id)}`
  }

  /** Grant and consent end together, by the client's own wish (RFC 7009) or because the bank saw a replay. */
  async revokeByGrantId(grantId: string): Promise<void> {
    const isWish = Provider.ctx?.oidc?.route === 'revocation'
    const ending: Ending = isWish
      ? { by: 'DATA_RECIPIENT', why: 'USER_ACTION' }
      : { by: 'DATA_PROVIDER', why: 'BUSINESS_RULE' }
    await endConsent(this.#world, this.#bank.slug, grantId, ending)
  }
}
