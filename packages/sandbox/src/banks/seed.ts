import { createHash } from 'node:crypto'
import type { Tx } from '../db/connect.ts'
import type { World } from '../world.ts'
import { productNames } from './account.ts'
import { type Bank, banks } from './bank.ts'
import { type AccountKind, type Character, characters } from './characters.ts'
import { hashPassword, nobodysHash } from './password.ts'
import { meridian } from './receiver.ts'

const kinds: readonly AccountKind[] = ['checking', 'savings', 'credit_card', 'loan']
const DAY_MS = 86_400_000

/** The same on every machine, so that an ACH return can be provoked by account number: bank, person, kind. */
export function accountNumber(bank: Bank, person: number, kind: AccountKind): string {
  return `4${bank.mark}${String(person * 7919 + 52200).padStart(6, '0')}${kinds.indexOf(kind) + 1}${7 - kinds.indexOf(kind)}`
}

/** Opaque to clients and stable over restarts and re-installations. */
const accountId = (number: string): string =>
  createHash('sha256').update(`account:${number}`).digest('base64url').slice(0, 22)

/** What an ordinary month looks like: days ago, words, cents. */
const month: readonly (readonly [number, string, bigint])[] = [
  [1, 'Corner Bakery', -8_45n],
  [2, 'Transit Pass', -45_00n],
  [3, 'Greenmarket Grocers', -76_31n],
  [5, 'Payroll, Halcyon Works', 2_310_77n],
  [6, 'City Water and Light', -92_14n],
  [8, 'Paper & Ink Books', -23_99n],
  [11, 'Greenmarket Grocers', -64_08n],
  [14, 'Rent, Alder House', -1_450_00n],
  [19, 'Payroll, Halcyon Works', 2_310_77n],
  [22, 'Northline Telephone', -38_50n],
  [26, 'Refund, Oak & Thread', 54_00n],
  [33, 'Payroll, Halcyon Works', 2_310_77n],
]

async function insertTransactions(tx: Tx, account: string, now: Date): Promise<void> {
  const rows = month.map(([daysAgo, description, amount], index) => ({
    id: `${account}-${index + 1}`,
    account_id: account,
    posted_at: new Date(now.getTime() - daysAgo * DAY_MS),
    description,
    amount,
  }))
  await tx`insert into account_transaction ${tx(rows)}`
}

async function insertPerson(world: World, bank: Bank, who: Character, person: number): Promise<void> {
  const { sql } = world
  const passwordHash = await hashPassword(who.canSignIn ? who.login : world.newSecret())
  const id = world.newId()
  const now = world.now()
  await sql.begin(async (tx) => {
    const fresh = await tx`
      insert into customer (id, bank, login, password_hash, temper, first_name, last_name, email, phone,
                            street, city, region, postal_code)
      values (${id}, ${bank.slug}, ${who.login}, ${passwordHash}, ${who.temper}, ${who.firstName}, ${who.lastName},
              ${`${who.firstName}.${who.lastName}@example.com`.toLowerCase()}, ${`50355501${String(person).padStart(2, '0')}`},
              ${who.street}, ${who.city}, ${who.region}, ${who.postalCode})
      on conflict on constraint one_customer_per_login_and_bank do nothing returning id`
    if (fresh.length === 0) return
    for (const [position, [kind, current, available]] of who.accounts.entries()) {
      const number = accountNumber(bank, person, kind)
      const account = accountId(number)
      await tx`
        insert into account (id, bank, customer_id, kind, product_name, number, status, current_balance,
                             available_balance, balance_at, position)
        values (${account}, ${bank.slug}, ${id}, ${kind}, ${productNames[kind]}, ${number}, 'OPEN', ${current},
                ${available ?? current}, ${now}, ${position})`
      if (kind === 'checking') await insertTransactions(tx, account, now)
    }
  })
}

/** The merchant who banks where the platform does. */
const merchant = { number: '4400000001', balance: 12_500_00n } as const

/** A business, with an account to be paid to. It never signs in anywhere, so its password is nobody's. */
async function insertMerchant(world: World): Promise<void> {
  const now = world.now()
  const { slug } = meridian
  await world.sql.begin(async (tx) => {
    await tx`
      insert into customer (id, bank, login, password_hash, temper, first_name, last_name, email, phone,
                            street, city, region, postal_code)
      values (${world.newId()}, ${slug}, 'northwind', ${nobodysHash}, 'plain', 'Northwind', 'Coffee',
              'books@northwind.example', '5035550100', '1 Roastery Row', 'Portland', 'OR', '97209')
      on conflict on constraint one_customer_per_login_and_bank do nothing`
    await tx`
      insert into account (id, bank, customer_id, kind, product_name, number, status, current_balance,
                           available_balance, balance_at, position)
      select ${accountId(merchant.number)}, bank, id, 'checking', 'Business Checking', ${merchant.number}, 'OPEN',
             ${merchant.balance}, ${merchant.balance}, ${now}, 0
      from customer where bank = ${slug} and login = 'northwind'
      on conflict do nothing`
  })
}

/** Opens the doors with the published characters. Whoever is there already is left alone, balances and all. */
export async function seed(world: World): Promise<void> {
  const rows = await world.sql<{ key: string }[]>`select bank || ':' || login as key from customer`
  const known = new Set(rows.map((row) => row.key))
  const missing = banks.flatMap((bank) =>
    characters.flatMap((who, person) => (known.has(`${bank.slug}:${who.login}`) ? [] : [{ bank, who, person }])),
  )
  await Promise.all(missing.map(({ bank, who, person }) => insertPerson(world, bank, who, person + 1)))
  if (!known.has(`${meridian.slug}:northwind`)) await insertMerchant(world)
}
