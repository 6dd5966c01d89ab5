import { readFileSync } from 'node:fs'
import Type, { type Static, type TSchema } from 'typebox'
import Value from 'typebox/value'
import { StartProblem } from '../../kernel/start-problem.ts'
import type { FileDrop } from '../file-drop.ts'
import { openFolderDrop } from './folder.ts'
import { openSftpDrop } from './sftp.ts'

const Text = (pattern: string, description: string) => Type.String({ pattern, maxLength: 1_000, description })
const Whole = (minimum: number, maximum: number) =>
  Type.Integer({ minimum, maximum, description: `must be a whole number from ${minimum} to ${maximum}` })

const visible = '[^\\x00-\\x1f\\x7f]'
const HerePath = Text(`^/${visible}*$`, 'must be an absolute path')
const TherePath = Text(`^${visible}+$`, 'must be a path at the server')
const MaxBytes = Type.Optional(Whole(1, 1_000_000_000))

const Folder = {
  kind: Type.Literal('folder'),
  outgoing: HerePath,
  incoming: HerePath,
  maxBytes: MaxBytes,
}
const Sftp = {
  kind: Type.Literal('sftp'),
  host: Text('^[A-Za-z0-9.:_-]{1,253}$', 'must be a host name or an address'),
  port: Type.Optional(Whole(1, 65_535)),
  username: Text(`^${visible}{1,255}$`, 'must be a text of 1 to 255 characters'),
  privateKeyFile: Type.Optional(HerePath),
  password: Type.Optional(Text(`^${visible}{1,255}$`, 'must be a text of 1 to 255 characters')),
  hostKey: Text('^SHA256:[A-Za-z0-9+/]{43}=?$', 'must be a fingerprint as ssh-keygen -l prints it: SHA256:…'),
  outgoing: TherePath,
  incoming: TherePath,
  maxBytes: MaxBytes,
  timeoutMs: Type.Optional(Whole(1_000, 600_000)),
}
const FolderSettings = Type.Object(Folder, { additionalProperties: false })
const SftpSettings = Type.Object(Sftp, { additionalProperties: false })

/** Where files are handed over, as the operator says it. */
export type DropSettings = Readonly<Static<typeof FolderSettings> | Static<typeof SftpSettings>>

/** Reads the settings of a file drop. Returns every problem at once, in words an operator can act on. */
export function parseDrop(value: unknown): DropSettings | { problems: string[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problems: ['the file drop is not a JSON object'] }
  const kind = 'kind' in value ? value.kind : undefined
  if (kind !== 'folder' && kind !== 'sftp') return { problems: ['kind must be folder or sftp'] }
  const schema = kind === 'folder' ? FolderSettings : SftpSettings
  const problems = shapeProblems(value, schema)
  if (kind === 'sftp') problems.push(...secretProblems(value))
  if ('outgoing' in value && 'incoming' in value && trimmed(value.outgoing) === trimmed(value.incoming))
    problems.push('outgoing and incoming are the same folder; use two')
  return problems.length === 0 && Value.Check(schema, value) ? value : { problems }
}

/** One line per member. The value is not repeated: it may be a secret. */
function shapeProblems(value: object, schema: typeof FolderSettings | typeof SftpSettings): string[] {
  const known: Readonly<Record<string, TSchema>> = schema.properties
  const missing = schema.required.filter((key) => !Object.hasOwn(value, key)).map((key) => `${key} is missing`)
  const wrong = Object.entries(value).flatMap(([key, member]) => {
    const expected = Object.hasOwn(known, key) ? known[key] : undefined
    if (!expected) return [`${key.slice(0, 64)} is not a setting`]
    return Value.Check(expected, member)
      ? []
      : [`${key} ${'description' in expected ? expected.description : 'is wrong'}`]
  })
  return [...missing, ...wrong]
}

function secretProblems(value: object): string[] {
  const count = ['privateKeyFile', 'password'].filter((key) => Object.hasOwn(value, key)).length
  return count === 1 ? [] : [`privateKeyFile or password: ${count === 0 ? 'one of them is missing' : 'give only one'}`]
}

const trimmed = (path: unknown): unknown => (typeof path === 'string' ? path.replace(/\/+$/, '') : Symbol())

/** Opens the drop that the settings describe. A StartProblem says why it cannot be opened. */
export function openDrop(settings: DropSettings): FileDrop {
  if (settings.kind === 'folder') {
    const { kind: _, ...folders } = settings
    return openFolderDrop(folders)
  }
  const { kind: _, privateKeyFile, password, ...place } = settings
  if (privateKeyFile !== undefined) return openSftpDrop({ ...place, privateKey: readKey(privateKeyFile) })
  if (password !== undefined) return openSftpDrop({ ...place, password })
  throw new StartProblem(`The file drop at ${settings.host} needs privateKeyFile or password.`)
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new StartProblem(`The file drop's private key ${file} cannot be read (${code}).`)
  }
}
