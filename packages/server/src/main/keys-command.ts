import { type Command, Option } from 'commander'
import { type Rotation, rotateSigningKey } from '../access/access.commands.ts'
import { addVerb, type OpenHouse, openCommand, processTerminal, runIn, type Terminal } from './command-line.ts'

const when = 'gradual: it signs in ten minutes; immediate: now; emergency: now, and every token so far is void'

export function keysCommand(openHouse: OpenHouse, terminal: Terminal = processTerminal): Command {
  const run = runIn(openHouse, terminal)
  const keys = openCommand('keys', 'the keys that sign access tokens', terminal)
  addVerb(keys, 'rotate', 'make a new signing key', 'rialto keys rotate')
    .addOption(new Option('--when <when>', when).choices(['gradual', 'immediate', 'emergency']).default('gradual'))
    .action(
      run(async (house, { options }) => {
        const key = await rotateSigningKey(house, options.when as Rotation)
        const signsFrom = key.signsFrom.toISOString()
        return { json: { keyId: key.id, signsFrom }, text: `key ${key.id} signs from ${signsFrom}` }
      }),
    )
  return keys
}
