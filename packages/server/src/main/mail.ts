import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { assertOutsideTransaction } from '../db/connect.ts'
import type { Mail } from '../net/mail.ts'

type Settings = Readonly<{
  /** smtp://user:password@host:587 or smtps://…. Undefined: letters are put into the folder. */
  smtpUrl: string | undefined
  folder: string
  from: string
}>

/** By SMTP, or, where no mail server is named, as files that a mail program opens: on a laptop nothing leaves it. */
export function openMail({ smtpUrl, folder, from }: Settings): Mail {
  return smtpUrl ? bySmtp(smtpUrl, from) : intoFolder(folder, from)
}

const waitMs = 10_000

function bySmtp(url: string, from: string): Mail {
  const transport = createTransport(
    { url, connectionTimeout: waitMs, greetingTimeout: waitMs, socketTimeout: waitMs },
    { from },
  )
  return {
    async send({ id, to, subject, text }) {
      assertOutsideTransaction('the mail server')
      await transport.sendMail({ messageId: messageId(id, from), to: { name: '', address: to }, subject, text })
    },
  }
}

function intoFolder(folder: string, from: string): Mail {
  const transport = createTransport({ streamTransport: true, buffer: true }, { from })
  return {
    async send({ id, to, subject, text }) {
      assertOutsideTransaction('the mail folder')
      const letter = { messageId: messageId(id, from), to: { name: '', address: to }, subject, text }
      const { message } = await transport.sendMail(letter)
      await mkdir(folder, { recursive: true })
      const path = join(folder, `${id}.eml`)
      await writeFile(`${path}.part`, message as Buffer)
      await rename(`${path}.part`, path)
    },
  }
}

const messageId = (id: string, from: string): string =>
  `<${id}@${from.split('@').at(-1)?.replace('>', '') ?? 'rialto'}>`
