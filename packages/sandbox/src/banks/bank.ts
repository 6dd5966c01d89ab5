/** A bank's colours for light and dark, each checked for 4.5:1 against what it stands on. */
export type Brand = Readonly<{
  initials: string
  motto: string
  promise: string
  accent: string
  accentStrong: string
  accentSoft: string
  accentDark: string
  accentSoftDark: string
}>

export type Bank = Readonly<{
  /** The first path segment, and the bank's name in the database. */
  slug: string
  name: string
  /** How a platform sends customers here: by a redirect, or by asking for the password itself. */
  signIn: 'redirect' | 'challenge'
  dialect: 'v5' | 'v6'
  routingNumber: string
  /** Where the bank hands out stand-ins for account numbers, the routing number they go with. */
  tokenRoutingNumber?: string
  /** The second digit of the bank's account numbers, so that no two banks share one. */
  mark: string
  brand: Brand
}>

/** Every bank in the pretend world. Routing numbers pass the ABA check digit and look invented on purpose. */
export const banks = [
  {
    slug: 'finbank-oauth',
    name: 'Finbank OAuth',
    signIn: 'redirect',
    dialect: 'v6',
    routingNumber: '011111111',
    tokenRoutingNumber: '022222222',
    mark: '1',
    brand: {
      initials: 'F',
      motto: 'Banking that keeps up with your day',
      promise: 'Everyday accounts, clear numbers, and you decide which apps may look.',
      accent: '#1d4ed8',
      accentStrong: '#1a2f7a',
      accentSoft: '#e8eefc',
      accentDark: '#8fb0ff',
      accentSoftDark: '#1b2747',
    },
  },
  {
    slug: 'finbank-profiles-a',
    name: 'FinBank Profiles - A',
    signIn: 'challenge',
    dialect: 'v6',
    routingNumber: '012345672',
    mark: '2',
    brand: {
      initials: 'A',
      motto: 'A good bank is a good neighbor',
      promise: 'Founded by its customers, run for its customers, open when you are.',
      accent: '#8a1c4a',
      accentStrong: '#551230',
      accentSoft: '#fae8ef',
      accentDark: '#f49abd',
      accentSoftDark: '#3b1a29',
    },
  },
  {
    slug: 'finbank-profiles-b',
    name: 'FinBank Profiles - B',
    signIn: 'challenge',
    dialect: 'v5',
    routingNumber: '098765438',
    mark: '3',
    brand: {
      initials: 'B',
      motto: 'Steady hands for your savings',
      promise: 'Simple accounts, no surprises, and a person who answers the telephone.',
      accent: '#97430a',
      accentStrong: '#5c2a08',
      accentSoft: '#fcefe3',
      accentDark: '#f2ae73',
      accentSoftDark: '#3a2513',
    },
  },
] as const satisfies readonly Bank[]

export const findBank = (slug: string): Bank | undefined => banks.find((bank) => bank.slug === slug)

export const issuerOf = (url: string, bank: Bank): string => `${url}/${bank.slug}`

/** The address of a bank's data, which is also the audience of its access tokens. */
export const apiOf = (url: string, bank: Bank): string => `${issuerOf(url, bank)}/fdx/${bank.dialect}`
