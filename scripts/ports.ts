import { createServer } from 'node:net'
import { Problem } from './problem.ts'

export type Ports = Readonly<{ api: number; client: number; sandbox: number; store: number }>

const known = {
  api: { variable: 'RIALTO_API_PORT', usual: 4000, is: 'the API' },
  client: { variable: 'RIALTO_CLIENT_PORT', usual: 4001, is: 'the hosted flow' },
  sandbox: { variable: 'SANDBOX_PORT', usual: 4010, is: 'the pretend banks' },
  store: { variable: 'STORE_PORT', usual: 4020, is: 'the demo store' },
} as const

/** The usual ports, or what the environment says. Refuses what is no port, and one port for two things. */
export function readPorts(env: Readonly<Record<string, string | undefined>>): Ports {
  const read = (name: keyof Ports): number => {
    const { variable, usual } = known[name]
    const text = env[variable] || String(usual)
    const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
    if (port < 1 || port > 65_535) throw new Problem(`${variable} is '${text}'; use a number from 1 to 65535.`)
    return port
  }
  const ports = { api: read('api'), client: read('client'), sandbox: read('sandbox'), store: read('store') }
  const names = Object.keys(known) as (keyof Ports)[]
  for (const [index, one] of names.entries())
    for (const other of names.slice(index + 1))
      if (ports[one] === ports[other])
        throw new Problem(
          `${known[one].variable} and ${known[other].variable} are both ${ports[one]}; give each its own port.`,
        )
  return ports
}

/** Refuses with one sentence for every port that cannot be had. */
export async function checkPorts(ports: Partial<Ports>): Promise<void> {
  const problems: string[] = []
  for (const [name, port] of Object.entries(ports)) {
    const { variable, is } = known[name as keyof Ports]
    const why = await problemWith(port)
    if (why === 'taken')
      problems.push(
        `Port ${port}, for ${is}, is taken, perhaps by a Rialto that still runs (lsof -i :${port} shows by whom); ` +
          `stop that program, or choose another port with ${variable}=${port + 100}.`,
      )
    else if (why)
      problems.push(
        `Port ${port}, for ${is}, cannot be used (${why}); choose another with ${variable}=${port + 1_000}.`,
      )
  }
  if (problems.length > 0) throw new Problem(problems.join('\n✗ '))
}

/** On every address of this machine, as the programs listen; where there is no IPv6, on every IPv4 address. */
async function problemWith(port: number): Promise<string | undefined> {
  const why = await listen(port, '::')
  return why === 'EAFNOSUPPORT' || why === 'EADDRNOTAVAIL' ? listen(port, '0.0.0.0') : why
}

function listen(port: number, host: string): Promise<string | undefined> {
  return new Promise((done) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => done(error.code === 'EADDRINUSE' ? 'taken' : error.code))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => done(undefined)))
  })
}
