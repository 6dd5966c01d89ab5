import type { AccountKind, Temper } from '../banks/characters.ts'
import type { Tx } from '../db/connect.ts'

/** An account as far as ACH is concerned, locked until the transaction ends. */
export type Held = Readonly<{
  id: string
  bank: string
  kind: AccountKind
  status: 'OPEN' | 'CLOSED' | 'RESTRICTED'
  number: string
  temper: Temper
  holder: string
  currentBalance: bigint
  availableBalance: bigint
  movedAt: Date | null
  /** When the customer last allowed an app to see it. */
  linkedAt: Date | null
}>

/** Which account a number means at a bank, and the number to use instead, if there is one. */
export type Reached = Readonly<{ bank: string; number: string; accountId: string; replacedBy: string | null }>

type Asked = Readonly<{ bank: string; number: string }>

/** Numbers on entries: the real one, one that stands for it under some consent, a former one, or one more. */
export async function reachAccounts(tx: Tx, asked: readonly Asked[], at: Date): Promise<Reached[]> {
  const banks = asked.map(({ bank }) => bank)
  const numbers = asked.map(({ number }) => number)
  return tx<Reached[]>`
    with asked as (select distinct bank, number from unnest(${banks}::text[], ${numbers}::text[]) as a(bank, number))
    select asked.bank, asked.number, account.id as "accountId", null as "replacedBy"
    from asked join account on account.bank = asked.bank and account.number = asked.number
    union all
    select asked.bank, asked.number, account_id, null from asked
    join account_token on account_token.number = asked.number
    join account on account.id = account_id and account.bank = asked.bank
    union all
    select asked.bank, asked.number, account_id, replaced_by from asked
    join other_number on other_number.bank = asked.bank and other_number.number = asked.number and until > ${at}`
}

/** In the order of their ids, so that two settlements never wait for each other in a circle. */
export async function holdAccounts(tx: Tx, ids: readonly string[]): Promise<Held[]> {
  return tx<Held[]>`
    select account.id, account.bank, kind, status, number, temper, first_name || ' ' || last_name as holder,
      current_balance as "currentBalance", available_balance as "availableBalance", moved_at as "movedAt",
      (select max(created_at) from consent join consent_account on consent_id = consent.id
       where account_id = account.id) as "linkedAt"
    from account join customer on customer.id = customer_id
    where account.id = any(${[...ids]}) order by account.id for update of account`
}

export type Stop = Readonly<{ accountId: string; companyName: string; companyId: string }>

export async function listStops(tx: Tx, accountIds: readonly string[]): Promise<Stop[]> {
  return tx<Stop[]>`
    select account_id as "accountId", company_name as "companyName", company_id as "companyId" from stop_payment
    where account_id = any(${[...accountIds]})`
}

/** A line of a statement. Signed as the customer feels it. */
export type Posting = Readonly<{ id: string; accountId: string; entryId: bigint; description: string; amount: bigint }>

/** Writes lines on statements and moves the balances with them, whole rows, in two statements. */
export async function post(tx: Tx, postings: readonly Posting[], at: Date): Promise<void> {
  const moved = postings.filter(({ amount }) => amount !== 0n)
  if (moved.length === 0) return
  const rows = JSON.stringify(moved, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  await tx`
    insert into account_transaction (id, account_id, posted_at, description, amount, ach_entry)
    select id, "accountId", ${at}, description, amount, "entryId"
    from jsonb_to_recordset(${rows}::text::jsonb) as row (
      id text, "accountId" text, "entryId" bigint, description text, amount bigint)`
  await tx`
    update account set current_balance = current_balance + total, available_balance = available_balance + total,
      balance_at = ${at}
    from (select "accountId", sum(amount)::bigint as total
          from jsonb_to_recordset(${rows}::text::jsonb) as row ("accountId" text, amount bigint) group by 1) as moved
    where account.id = "accountId"`
}
