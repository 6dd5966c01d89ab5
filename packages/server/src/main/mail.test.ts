import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openMail } from './mail.ts'

const letter = { id: '019b8eac-1180', to: 'ada@shop.example', subject: 'Your address fails', text: 'It does.\n' }
const from = 'Rialto <rialto@pay.example>'

it('puts letters into a folder where there is no mail server, each once, under its id', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rialto-mail-'))
  const mail = openMail({ smtpUrl: undefined, folder: join(folder, 'mail'), from })
  await mail.send(letter)
  await mail.send(letter)
  expect(readdirSync(join(folder, 'mail'))).toEqual(['019b8eac-1180.eml'])
  const text = readFileSync(join(folder, 'mail', '019b8eac-1180.eml'), 'utf8')
  expect(text).toContain('To: ada@shop.example')
  expect(text).toContain('Subject: Your address fails')
  expect(text).toContain('Message-ID: <019b8eac-1180@pay.example>')
  expect(text).toContain('It does.')
  rmSync(folder, { recursive: true })
})

it('writes to one address only, whatever that address holds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rialto-mail-'))
  const mail = openMail({ smtpUrl: undefined, folder, from })
  await mail.send({
    ...letter,
    to: 'ada@shop.example\r\nBcc: all@shop.example',
    subject: 'One\r\nBcc: all@shop.example',
  })
  expect(readFileSync(join(folder, '019b8eac-1180.eml'), 'utf8')).not.toMatch(/^Bcc:/m)
  rmSync(folder, { recursive: true })
})

it('hands letters to a mail server, and throws when it does not take them', async () => {
  const said: string[] = []
  let refuses = false
  const server = createServer((socket) => converse(socket, said, () => refuses)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const mail = openMail({ smtpUrl: `smtp://127.0.0.1:${port}?ignoreTLS=true`, folder: 'unused', from })
  await mail.send(letter)
  expect(said).toContain('RCPT TO:<ada@shop.example>')
  expect(said).toContain('It does.')
  refuses = true
  await expect(mail.send(letter)).rejects.toThrow('no such person')
  server.close()
  await once(server, 'close')
})

/** As much SMTP as a letter needs. */
function converse(socket: Socket, said: string[], refuses: () => boolean): void {
  let inLetter = false
  socket.setTimeout(5_000, () => socket.destroy())
  socket.write('220 mail.example\r\n')
  socket.on('data', (bytes) => {
    for (const line of bytes.toString().split('\r\n').slice(0, -1)) {
      said.push(line)
      if (inLetter && line !== '.') continue
      if (line === '.') inLetter = false
      if (line === 'DATA') inLetter = true
      const no = refuses() && line.startsWith('RCPT')
      socket.write(no ? '550 no such person\r\n' : line === 'DATA' ? '354 go on\r\n' : '250 well\r\n')
      if (line === 'QUIT') socket.end()
    }
  })
}
