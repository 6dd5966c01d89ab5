// Preloaded into every program that scripts start: RIALTO_PARENT_PIPE names the pipe whose other end is the parent's.
// When the parent ends, however it ends, the pipe closes and this program is asked to stop as if by SIGTERM.
import { Socket } from 'node:net'

const patienceMs = 20_000
const pipe = process.env.RIALTO_PARENT_PIPE
// Not for the programs and threads that this one starts.
delete process.env.RIALTO_PARENT_PIPE

if (pipe) {
  const parent = new Socket({ fd: Number(pipe), readable: true, writable: false })
  parent.on('error', () => undefined)
  parent.on('close', stop)
  parent.resume()
  parent.unref()
}

function stop() {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), patienceMs).unref()
}
