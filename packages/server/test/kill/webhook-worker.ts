// A worker to be killed: numbers events and tells merchants. Whoever dies is noticed soon.
import { startWorker } from '../../src/main/worker.ts'
import { openProcess } from './webhook-process.ts'

const { house, orders } = openProcess()
await startWorker(house, orders.databaseUrl, undefined, { everyMs: 300, goneMs: 1_500 })
