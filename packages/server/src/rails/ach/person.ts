import { Refusal } from '../../kernel/refusal.ts'

/**
 * The name of whoever decides something, as they gave it: 1 to 100 characters, white space made single. Whose name it
 * really is, nobody here can tell. Refuses: invalid_request.
 */
export const personFrom = (text: string, pointer = '/by'): string => lineFrom(text, 100, pointer)

/** Why they did so: 1 to 500 characters. Refuses: invalid_request. */
export const reasonFrom = (text: string, pointer = '/reason'): string => lineFrom(text, 500, pointer)

function lineFrom(text: string, most: number, pointer: string): string {
  const line = text.normalize('NFC').replaceAll(/\s+/g, ' ').trim()
  const refuse = (message: string) =>
    new Refusal('invalid_request', { errors: [{ pointer, code: 'invalid', message }] })
  if (line.length < 1 || line.length > most) throw refuse(`must have 1 to ${most} characters`)
  if (/[\p{Cc}\p{Cf}]/u.test(line)) throw refuse('must not have characters that cannot be seen')
  return line
}
