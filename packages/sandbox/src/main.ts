import { readConfig } from './config.ts'
import { openSandbox } from './open-sandbox.ts'

/** Ends the program with a sentence instead of a stack. */
function giveUp(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

const config = readConfig(process.env)
if ('problems' in config)
  giveUp(`The sandbox cannot start:\n${config.problems.map((line) => `  - ${line}`).join('\n')}`)

const sandbox = await openSandbox(config).catch((error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE')
    giveUp(`Port ${config.port} is taken. Stop what uses it, or set SANDBOX_PORT to another port.`)
  if (error.code === 'EACCES' && error.path === undefined)
    giveUp(`Port ${config.port} is not allowed here. Set SANDBOX_PORT to a port above 1023.`)
  const look = error.path === undefined ? 'SANDBOX_DATABASE_URL' : 'SANDBOX_DROP'
  giveUp(`The sandbox cannot start: ${error.message || error.code}. Look at ${look} first.`)
})
console.log(`The pretend banks are open at ${sandbox.url}`)

let isClosing = false
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    // A second signal means: now.
    if (isClosing) process.exit(1)
    isClosing = true
    sandbox.close().then(() => process.exit(0))
  })
