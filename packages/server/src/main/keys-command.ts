import { type Command, Option } from 'commander'
import { type Rotation, resealSigningKeys, rotateSigningKey } from '../access/access.commands.ts'
import { resealCorrections } from '../customers/account-correction.commands.ts'
import { resealNumbers } from '../customers/customer.commands.ts'
import { resealGrants } from '../linking/link.commands.ts'
import { resealPayoutNumbers } from '../payouts/payout-account.commands.ts'
import { resealFiles } from '../rails/ach/reseal.commands.ts'
import { resealReportDrops } from '../reports/report.commands.ts'
import { resealWebhookSecrets } from '../webhooks/secret.commands.ts'
import { addVerb, type OpenHouse, openCommand, processTerminal, runIn, type Terminal } from './command-line.ts'

const when = 'gradual: it signs in ten minutes; immediate: now; emergency: now, and every token so far is void'

export function keysCommand(openHouse: OpenHouse, terminal: Terminal = processTerminal): Command {
  const run = runIn(openHouse, terminal)
  const keys = openCommand('keys', 'the keys that sign access tokens, and those that seal', terminal)
  addVerb(keys, 'rotate', 'make a new signing key', 'rialto keys rotate')
    .addOption(new Option('--when <when>', when).choices(['gradual', 'immediate', 'emergency']).default('gradual'))
    .action(
      run(async (house, { options }) => {
        const key = await rotateSigningKey(house, options.when as Rotation)
        const signsFrom = key.signsFrom.toISOString()
        return { json: { keyId: key.id, signsFrom }, text: `key ${key.id} signs from ${signsFrom}` }
      }),
    )
  addVerb(keys, 'reseal', 'seal everything again with the first of RIALTO_VAULT_KEYS', 'rialto keys reseal').action(
    run(async (house) => {
      const resealed = {
        grants: await resealGrants(house),
        accountNumbers: await resealNumbers(house),
        payoutAccounts: await resealPayoutNumbers(house),
        reportDrops: await resealReportDrops(house),
        corrections: await resealCorrections(house),
        achFiles: await resealFiles(house),
        webhookSecrets: await resealWebhookSecrets(house),
        signingKeys: await resealSigningKeys(house),
      }
      const text = Object.entries(resealed)
        .map(([what, count]) => `${what} ${count}`)
        .join(', ')
      return { json: resealed, text: `sealed again: ${text}`, note: 'The former vault keys are no longer needed.' }
    }),
  )
  return keys
}
