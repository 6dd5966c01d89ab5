import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import ssh2, { type AuthContext, type FileEntry, type SFTPWrapper } from 'ssh2'

/** What a server does that no honest one would do, or that OpenSSH does only with the system's passwords. */
export type Pretence = Readonly<{
  auth(context: AuthContext): boolean | 'asked'
  /** What it says is in every folder. */
  entries?: readonly FileEntry[]
  /** What it says of every file, and what it then gives. */
  file?: Readonly<{ says: number; gives: string }>
  /** Ends SFTP at the first question, and leaves the connection open. */
  endsSftp?: boolean
}>

export async function openPretendServer(pretence: Pretence) {
  const pem = ssh2.utils.generateKeyPairSync('ed25519').private
  const parsed = ssh2.utils.parseKey(pem)
  if (parsed instanceof Error) throw parsed
  const hostKey = `SHA256:${createHash('sha256').update(parsed.getPublicSSH()).digest('base64')}`
  const clients = new Set<{ end(): void }>()
  const server = new ssh2.Server({ hostKeys: [pem] }, (client) => {
    clients.add(client)
    client.on('error', () => undefined)
    client.on('authentication', (context) => {
      const answer = pretence.auth(context)
      if (answer === true) context.accept()
      else if (answer === false) context.reject(['password', 'keyboard-interactive'])
    })
    client.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => play(acceptSftp(), pretence))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, username: 'rialto', hostKey },
    async close() {
      for (const client of clients) client.end()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

const { STATUS_CODE } = ssh2.utils.sftp

function play(sftp: SFTPWrapper, { entries = [], file, endsSftp }: Pretence): void {
  let listed = false
  sftp.on('OPENDIR', (id) => {
    if (endsSftp) sftp.end()
    else sftp.handle(id, Buffer.from('folder'))
  })
  sftp.on('READDIR', (id) => {
    if (listed) sftp.status(id, STATUS_CODE.EOF)
    else sftp.name(id, [...entries])
    listed = true
  })
  sftp.on('LSTAT', (id) => {
    if (file) sftp.attrs(id, { mode: 0o100644, uid: 0, gid: 0, size: file.says, atime: 0, mtime: 0 })
    else sftp.status(id, STATUS_CODE.NO_SUCH_FILE)
  })
  sftp.on('OPEN', (id) => sftp.handle(id, Buffer.from('file')))
  sftp.on('READ', (id, _handle, offset, length) => {
    const piece = Buffer.from(file?.gives ?? '').subarray(offset, offset + length)
    if (piece.length > 0) sftp.data(id, piece)
    else sftp.status(id, STATUS_CODE.EOF)
  })
  sftp.on('CLOSE', (id) => sftp.status(id, STATUS_CODE.OK))
}
