/**
 * How a bank treats one customer.
 * `plain` as usual · `asks_code` wants a code after the password · `locked` lets nobody in · `goes_offline` fails after
 * the password · `slow` answers everything late · `slow_balances` answers only single accounts late · `revokes_soon`
 * takes each consent back a little later.
 * The others link like anybody, and differ when ACH reaches their account: `closes` has closed it by then, `freezes`
 * had it frozen, `drains` has spent everything, `vanishes` left no such number, `stops` stopped the payment, `disputes`
 * says after 59 days that nothing was authorized, and `moves` has a new number.
 */
export type Temper =
  | 'plain'
  | 'asks_code'
  | 'locked'
  | 'goes_offline'
  | 'slow'
  | 'slow_balances'
  | 'revokes_soon'
  | AchTemper

export type AchTemper = 'closes' | 'freezes' | 'drains' | 'vanishes' | 'stops' | 'disputes' | 'moves'

export type AccountKind = 'checking' | 'savings' | 'credit_card' | 'loan'

export type Character = Readonly<{
  login: string
  /** For the help page. */
  simulates: string
  temper: Temper
  /** False where no password is ever right. */
  canSignIn: boolean
  firstName: string
  lastName: string
  street: string
  city: string
  region: string
  postalCode: string
  accounts: readonly (readonly [AccountKind, current: bigint, available?: bigint])[]
}>

/** The code that is always right for a customer who is asked for one. */
export const RIGHT_CODE = '123456'

const at = (street: string, city: string, region: string, postalCode: string) => ({ street, city, region, postalCode })

/** The published characters: the same people at every bank, known by login; the password is the login. */
export const characters: readonly Character[] = [
  {
    login: 'profile_522',
    simulates: 'A healthy customer: checking and savings, and a credit card that cannot be used to pay.',
    temper: 'plain',
    canSignIn: true,
    firstName: 'Ada',
    lastName: 'Byron',
    ...at('14 Lovelace Lane', 'Portland', 'OR', '97205'),
    accounts: [
      ['checking', 48_250_75n],
      ['savings', 12_050_00n],
      ['credit_card', 1_312_48n, 8_687_52n],
    ],
  },
  {
    login: 'profile_08',
    simulates: 'Links; the balance is too small to pay.',
    temper: 'plain',
    canSignIn: true,
    firstName: 'Marcus',
    lastName: 'Oyelaran',
    ...at('208 Canal Street, Apt 3', 'Providence', 'RI', '02903'),
    accounts: [['checking', 4_12n]],
  },
  {
    login: 'profile_wrong',
    simulates: 'The password is always wrong.',
    temper: 'plain',
    canSignIn: false,
    firstName: 'Ines',
    lastName: 'Calloway',
    ...at('77 Harbor Road', 'Duluth', 'MN', '55802'),
    accounts: [['checking', 2_204_19n]],
  },
  {
    login: 'profile_mfa',
    simulates: `Asks for a code after the password: ${RIGHT_CODE} is right.`,
    temper: 'asks_code',
    canSignIn: true,
    firstName: 'Noor',
    lastName: 'Haddad',
    ...at('1 Signal Hill', 'Dearborn', 'MI', '48126'),
    accounts: [
      ['checking', 9_870_10n],
      ['savings', 25_400_00n],
    ],
  },
  {
    login: 'profile_locked',
    simulates: 'The account is locked at the bank.',
    temper: 'locked',
    canSignIn: true,
    firstName: 'Teodor',
    lastName: 'Vance',
    ...at('530 Quarry Avenue', 'Barre', 'VT', '05641'),
    accounts: [['checking', 611_00n]],
  },
  {
    login: 'profile_none',
    simulates: 'Only a credit card and a loan: no account that can pay.',
    temper: 'plain',
    canSignIn: true,
    firstName: 'Wren',
    lastName: 'Abernathy',
    ...at('9 Foundry Row', 'Tulsa', 'OK', '74103'),
    accounts: [
      ['credit_card', 842_90n, 4_157_10n],
      ['loan', 11_735_62n, 0n],
    ],
  },
  {
    login: 'profile_offline',
    simulates: 'The bank goes down in the middle of sign-in.',
    temper: 'goes_offline',
    canSignIn: true,
    firstName: 'Lucia',
    lastName: 'Marchetti',
    ...at('66 Observatory Way', 'Flagstaff', 'AZ', '86001'),
    accounts: [['checking', 3_150_33n]],
  },
  {
    login: 'profile_slow',
    simulates: 'The bank answers each call after 4 seconds.',
    temper: 'slow',
    canSignIn: true,
    firstName: 'Hiroshi',
    lastName: 'Tanabe',
    ...at('3012 Maple Court', 'Boise', 'ID', '83702'),
    accounts: [['checking', 5_420_00n]],
  },
  {
    login: 'profile_slow_balance',
    simulates: 'Links at normal speed; only reading a single account’s balance takes 4 seconds.',
    temper: 'slow_balances',
    canSignIn: true,
    firstName: 'Solveig',
    lastName: 'Dahl',
    ...at('415 Prairie Street', 'Fargo', 'ND', '58102'),
    accounts: [
      ['checking', 7_333_07n],
      ['savings', 1_900_00n],
    ],
  },
  {
    login: 'profile_revoked',
    simulates: 'Links, then takes the permission back at the bank one minute later.',
    temper: 'revokes_soon',
    canSignIn: true,
    firstName: 'Kwame',
    lastName: 'Asante',
    ...at('880 Juniper Drive', 'Asheville', 'NC', '28801'),
    accounts: [['checking', 6_018_25n]],
  },
  {
    login: 'profile_closed',
    simulates: 'Links; the account is closed by the time a payment settles: R02.',
    temper: 'closes',
    canSignIn: true,
    firstName: 'Greta',
    lastName: 'Lindqvist',
    ...at('27 Mill Pond Road', 'Northfield', 'MN', '55057'),
    accounts: [['checking', 3_940_60n]],
  },
  {
    login: 'profile_frozen',
    simulates: 'Links; the account is frozen by the time a payment settles: R16.',
    temper: 'freezes',
    canSignIn: true,
    firstName: 'Tobias',
    lastName: 'Okafor',
    ...at('1200 Cedar Bluff', 'Knoxville', 'TN', '37919'),
    accounts: [['checking', 8_215_42n]],
  },
  {
    login: 'profile_drained',
    simulates: 'Links with money in the account; it is gone when the payment settles: R01.',
    temper: 'drains',
    canSignIn: true,
    firstName: 'Paloma',
    lastName: 'Reyes',
    ...at('64 Cottonwood Circle', 'Santa Fe', 'NM', '87501'),
    accounts: [['checking', 5_102_88n]],
  },
  {
    login: 'profile_unknown_number',
    simulates: 'Links; when the payment settles, the bank finds no account with that number: R03.',
    temper: 'vanishes',
    canSignIn: true,
    firstName: 'Anselm',
    lastName: 'Whitby',
    ...at('310 Lighthouse Lane', 'Rockland', 'ME', '04841'),
    accounts: [['checking', 4_476_15n]],
  },
  {
    login: 'profile_stopped',
    simulates: 'Links, then tells the bank to stop the payment: R08.',
    temper: 'stops',
    canSignIn: true,
    firstName: 'Mirela',
    lastName: 'Popescu',
    ...at('91 Tannery Street', 'Akron', 'OH', '44304'),
    accounts: [['checking', 6_730_00n]],
  },
  {
    login: 'profile_disputes',
    simulates: 'Pays, and disputes it at the bank 59 days after it settled: R10.',
    temper: 'disputes',
    canSignIn: true,
    firstName: 'Desmond',
    lastName: 'Achterberg',
    ...at('18 Windmill Court', 'Holland', 'MI', '49423'),
    accounts: [['checking', 14_288_09n]],
  },
  {
    login: 'profile_moved',
    simulates:
      'Links; then the account gets a new number. The payment arrives, and a notification of change comes back: C01.',
    temper: 'moves',
    canSignIn: true,
    firstName: 'Yuki',
    lastName: 'Brannigan',
    ...at('7 Ferry Landing', 'Astoria', 'OR', '97103'),
    accounts: [
      ['checking', 9_655_31n],
      ['savings', 2_750_00n],
    ],
  },
]
