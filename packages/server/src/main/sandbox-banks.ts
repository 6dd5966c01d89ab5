import { join } from 'node:path'

const scopes = [
  'openid',
  'offline_access',
  'fdx:accountbasic:read',
  'fdx:accountdetailed:read',
  'fdx:balances:read',
  'fdx:paymentsupport:read',
  'fdx:customercontact:read',
]

const dataClusters = ['ACCOUNT_BASIC', 'ACCOUNT_DETAILED', 'BALANCES', 'PAYMENT_SUPPORT', 'CUSTOMER_CONTACT']

/** The pretend banks, as an operator's list of banks would name real ones. */
export function sandboxBanks(sandboxUrl: string): unknown[] {
  const common = { clientId: 'rialto', scopes, dataClusters, tokenAuth: 'private_key_jwt', pkce: true }
  const at = (slug: string, fdxVersion: 5 | 6) => ({
    id: slug,
    domain: `${slug}.example`,
    issuer: `${sandboxUrl}/${slug}`,
    fdxBase: `${sandboxUrl}/${slug}/fdx/v${fdxVersion}`,
    fdxVersion,
  })
  return [
    {
      ...common,
      ...at('finbank-oauth', 6),
      ...{ number: 170001, name: 'Finbank OAuth', monogram: 'F', color: '#0b4f8a', popularity: 300 },
      ...{ signIn: 'redirect', par: true },
    },
    {
      ...common,
      ...at('finbank-profiles-a', 6),
      ...{ number: 170002, name: 'FinBank Profiles - A', monogram: 'FA', color: '#7a3e9d', popularity: 200 },
      ...{ signIn: 'credentials', par: false },
    },
    {
      ...common,
      ...at('finbank-profiles-b', 5),
      ...{ number: 170003, name: 'FinBank Profiles - B', monogram: 'FB', color: '#2d6a4f', popularity: 100 },
      ...{ signIn: 'credentials', par: false },
    },
  ]
}

/** The pretend originating bank, as docs/internals/outside-world.md publishes it. */
export const sandboxOriginatingBanks = (dataDir: string): unknown[] => [
  {
    ...{ id: 'meridian', name: 'Meridian Trust', odfi: '044444444', immediateOrigin: '1400000001' },
    ...{ destinationName: 'MERIDIAN TRUST', originName: 'RIALTO', companyId: '1400000001' },
    requireTwoPersons: false,
    drop: {
      kind: 'folder',
      outgoing: join(dataDir, 'drop/meridian/outgoing'),
      incoming: join(dataDir, 'drop/meridian/incoming'),
    },
  },
]
