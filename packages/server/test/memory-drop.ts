import { DropProblem, type FileDrop } from '../src/rails/file-drop.ts'

/** A drop whose other side is the test. */
export type MemoryDrop = Readonly<{
  drop: FileDrop
  /** What we have put there: name and text. */
  outgoing: Map<string, string>
  /** What the bank has left for us. */
  leave(name: string, text: string): void
  /** The next calls fail, as when the bank's server is away. */
  down(isDown: boolean): void
}>

export function openMemoryDrop(): MemoryDrop {
  const outgoing = new Map<string, string>()
  const incoming = new Map<string, Buffer>()
  let isDown = false
  const reach = () => {
    if (isDown) throw new DropProblem('unreachable', 'the drop is away')
  }
  return {
    outgoing,
    leave: (name, text) => void incoming.set(name, Buffer.from(text, 'latin1')),
    down: (down) => {
      isDown = down
    },
    drop: {
      name: 'memory',
      async put(name, content) {
        reach()
        const text = Buffer.from(content).toString('latin1')
        const there = outgoing.get(name)
        if (there !== undefined && there !== text) throw new DropProblem('differs', `${name} is there with other bytes`)
        outgoing.set(name, text)
        return there === undefined ? 'put' : 'already_there'
      },
      async list() {
        reach()
        const names = [...incoming.keys()].toSorted()
        return { files: names.map((name) => ({ name, size: incoming.get(name)?.length ?? 0 })), strange: [] }
      },
      async get(name) {
        reach()
        const bytes = incoming.get(name)
        if (!bytes) throw new DropProblem('not_found', `there is no ${name}`)
        return bytes
      },
      async done(name) {
        reach()
        incoming.delete(name)
      },
      close: async () => undefined,
    },
  }
}
