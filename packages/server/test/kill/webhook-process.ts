import { randomBytes } from 'node:crypto'
import pino from 'pino'
import { connect } from '../../src/db/connect.ts'
import type { House } from '../../src/house.ts'
import { idMaker } from '../../src/kernel/id.ts'
import { openOutbound } from '../../src/net/outbound.ts'
import { openVault } from '../../src/net/vault.ts'
import { openMemoryDrop } from '../memory-drop.ts'
import { testBank } from '../test-bank-settings.ts'

/** What a process that is to be killed is told, as JSON in its first argument. */
export type Orders = Readonly<{
  databaseUrl: string
  vaultKey: string
  /** Real time, in ms: when house time began to run. */
  began: number
  /** Changes in all, and how many a second. */
  changes: number
  perSecond: number
}>

/** House time runs so much faster that whoever is to be tried again in five minutes is tried in half a second. */
const speed = 600

export function openProcess(): { house: House; orders: Orders } {
  const orders = JSON.parse(process.argv[2] ?? '') as Orders
  const { began } = orders
  const now = () => new Date(began + (Date.now() - began) * speed)
  const { drop } = openMemoryDrop()
  const endpoints = { allow: ['127.0.0.0/8'], allowHttp: true }
  const house = {
    sql: connect(orders.databaseUrl, { max: 10, byKey: true }),
    ...{ now, realNow: () => new Date(), newId: idMaker(now, randomBytes), random: randomBytes },
    ...{ originatingBanks: [testBank()], drop: () => drop, reportDrop: () => drop },
    settings: { endpoints, eventsKeptDays: 400 },
    vault: openVault([{ id: 'test', bytes: Buffer.from(orders.vaultKey, 'base64') }]),
    outbound: openOutbound({ allow: endpoints.allow, timeoutMs: 1_000 }),
    mail: { send: async () => undefined },
    log: pino({ level: 'error' }, pino.destination(2)),
  } as unknown as House
  return { house, orders }
}
