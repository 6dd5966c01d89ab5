// The worker of a deployment, by itself, its clock that of the wall as in production.

import { openHouse } from '../../packages/server/src/main/compose.ts'
import { readConfig } from '../../packages/server/src/main/config.ts'
import { startWorker } from '../../packages/server/src/main/worker.ts'

const config = readConfig(process.env)
if ('problems' in config) throw new Error(config.problems.join('; '))
const open = await openHouse(config, 'check', 'stderr')
const worker = await startWorker(open.house, open.databaseUrl)
process.on('SIGTERM', () => {
  void worker
    .stop()
    .then(open.close)
    .then(() => process.exit(0))
})
process.send?.('ready')
