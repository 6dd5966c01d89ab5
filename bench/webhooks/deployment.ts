import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Sql } from '../../packages/server/src/db/connect.ts'
import { startEmbedded } from '../../packages/server/src/db/embedded.ts'
import { migrate } from '../../packages/server/src/db/migrate.ts'
import type { House } from '../../packages/server/src/house.ts'
import { askLanes } from '../../packages/server/src/jobs/tasks.ts'
import { idMaker, type MerchantId } from '../../packages/server/src/kernel/id.ts'
import { openVault } from '../../packages/server/src/net/vault.ts'
import { subscribe } from '../../packages/server/src/webhooks/endpoint.commands.ts'
import { type Part, startPart } from './part.ts'
import type { Arrivals, Ports, ReceiverOrder } from './receiver.ts'

/** A database of our own, merchants' servers, and what a process of ours needs to work there. */
export type Deployment = Readonly<{ url: string; sql: Sql; house: House; env: NodeJS.ProcessEnv; receiver: Receiver }>

export type Receiver = Readonly<{
  open(live: number, hanging: number): Promise<Ports>
  /** How many calls have come since it was last made to forget. */
  count(): Promise<number>
  arrivals(): Promise<Arrivals>
  /** `note`: it notes from now on when it first hears of each resource. */
  forget(note: boolean): Promise<void>
}>

/** Every endpoint's. */
export const secret = 'a secret of the merchant, long enough'

export async function withDeployment<T>(work: (deployment: Deployment) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'rialto-bench-'))
  const embedded = await startEmbedded(folder)
  const receiver = await startPart('receiver', process.env)
  const url = await embedded.database('webhooks')
  const sql = connect(url, { max: 4 })
  try {
    await migrate(sql, url)
    const key = randomBytes(32)
    const { RIALTO_ENV: _, RIALTO_OUTBOUND_ALLOW: __, ...inherited } = process.env
    const env = {
      ...{ ...inherited, RIALTO_DATA_DIR: folder, DATABASE_URL: url, RIALTO_LOG_LEVEL: 'error' },
      RIALTO_VAULT_KEYS: `bench:${key.toString('base64')}`,
    }
    return await work({ url, sql, env, house: houseOf(sql, key), receiver: receiverOf(receiver) })
  } finally {
    await receiver.stop()
    await sql.end({ timeout: 5 })
    await embedded.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

function houseOf(sql: Sql, key: Buffer): House {
  const now = () => new Date()
  return {
    ...{ sql, now, realNow: now, newId: idMaker(now, randomBytes), random: randomBytes },
    vault: openVault([{ id: 'bench', bytes: key }]),
    settings: { endpoints: { allow: ['127.0.0.0/8'], allowHttp: true } },
  } as unknown as House
}

function receiverOf(part: Part): Receiver {
  const ask = <A>(order: ReceiverOrder) => part.ask<A>(order)
  return {
    open: (live, hanging) => ask({ do: 'open', live, hanging }),
    count: () => ask({ do: 'count' }),
    arrivals: () => ask({ do: 'arrivals' }),
    forget: (note) => ask({ do: 'forget', note }),
  }
}

/** The real worker, in its own process. It is stopped whatever comes of the work. */
export async function withWorker<T>({ env }: Deployment, work: (worker: Part) => Promise<T>): Promise<T> {
  const worker = await startPart('worker', env)
  try {
    return await work(worker)
  } finally {
    await worker.stop()
  }
}

export type Listener = Readonly<{ merchantId: MerchantId; endpointId: string; port: number }>

/** New merchants, one for each port, each with an endpoint there that wants everything. */
export async function openListeners({ house, sql }: Deployment, ports: readonly number[]): Promise<Listener[]> {
  const listeners: Listener[] = []
  for (const port of ports) {
    const merchantId = house.newId<'merchant'>()
    await sql`insert into merchant (id, name, created_at) values (${merchantId}, 'Bench', now())`
    const wish = { kind: 'everything' } as const
    const url = `http://127.0.0.1:${port}/webhooks`
    const endpoint = await subscribe(house, { merchantId, url, secret, wish, description: null, alertEmail: null })
    listeners.push({ merchantId, endpointId: endpoint.id, port })
  }
  return listeners
}

/** So many events of each merchant that have their places and were not told. */
export async function insertBacklog(sql: Sql, listeners: readonly Listener[], ofEach: number): Promise<void> {
  for (const { merchantId } of listeners) {
    await sql`
      with last as (select coalesce((select last from event_counter where merchant_id = ${merchantId}), 0) as last),
      told as (
        insert into event (id, merchant_id, type, resource_type, resource_id, data, request_id, happened_at)
        select uuidv7(), ${merchantId}, 'payment.authorized', 'payment', gen_random_uuid(),
          jsonb_build_object('customerId', gen_random_uuid(), 'clientReferenceId', 'order-' || n, 'transactionType', 'DEBIT'),
          null, now()
        from generate_series(1, ${ofEach}::int) as n
        returning id, type, resource_id, happened_at)
      insert into event_sequence (merchant_id, sequence, event_id, type, resource_id, resource_version, happened_at)
      select ${merchantId}, last.last + row_number() over (order by id), id, type, resource_id, 1, happened_at
      from told, last`
    await sql`insert into event_counter (merchant_id, last) values (${merchantId}, ${ofEach})
      on conflict (merchant_id) do update set last = event_counter.last + excluded.last`
  }
}

export const wakeAll = (sql: Sql, listeners: readonly Listener[]): Promise<void> =>
  askLanes(
    sql,
    listeners.map(({ endpointId }) => endpointId),
  )

/** Whether everything was told to all of them, and written down. */
export async function isAllTold(sql: Sql, listeners: readonly Listener[]): Promise<boolean> {
  const ids = listeners.map(({ endpointId }) => endpointId)
  const [row] = await sql<{ behind: number }[]>`
    select count(*)::int as behind from webhook_endpoint join event_counter using (merchant_id)
    where webhook_endpoint.id = any(${ids}::uuid[]) and told_to < last`
  return row?.behind === 0
}
