import { readConfig } from './config.ts'
import { openStore } from './store.ts'

const config = readConfig(process.env)
if ('problems' in config) {
  console.error(config.problems.join('\n'))
  process.exit(1)
}

try {
  const store = await openStore(config)
  console.log(`Northwind Coffee is open at ${store.url}`)
  const stop = () => store.close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  const at = `Port ${config.port} on ${config.host}`
  console.error(
    code === 'EADDRINUSE'
      ? `${at} is taken: stop what is using it, or set PORT to another number.`
      : `The demo store could not open: ${message}`,
  )
  process.exit(1)
}
