import type { Tx } from '../db/connect.ts'

/** How long a bank still knows an account by its former number. */
const FORMER_FOR = '6 months'
const FOR_GOOD = '100 years'

/** The next number of an account that moved: the branch's digits change, the rest stays. */
function nextNumber(number: string): string {
  const place = Number(number.slice(2, 8))
  const next = place < 400_000 ? place + 400_000 : place + 1
  return `${number.slice(0, 2)}${String(next).padStart(6, '0')}${number.slice(8)}`
}

/** A stand-in shows nothing of the account, so its next number may count on from it. */
const nextToken = (number: string): string =>
  `9${String((BigInt(number.slice(1)) + 1n) % 10_000_000_000n).padStart(10, '0')}`

/** One more number of the same account. Asked for the second, a stand-in answers with the first. */
function siblingOf(number: string): string {
  if (number.length === 10) return `${number.slice(0, 8)}9${number[8]}`
  return `${number.slice(0, -1)}${(Number(number.at(-1)) + 5) % 10}`
}

type Moved = Readonly<{ bank: string; accountId: string; number: string; at: Date }>

/** Gives an account a new number in place of this one, which it answers to for a while. Answers the new one. */
export async function moveNumber(tx: Tx, { bank, accountId, number, at }: Moved): Promise<string> {
  const [token] = await tx`select 1 from account_token where number = ${number}`
  const fresh = token ? nextToken(number) : nextNumber(number)
  if (token) await tx`update account_token set number = ${fresh} where number = ${number}`
  else await tx`update account set number = ${fresh} where id = ${accountId}`
  await tx`update account set moved_at = ${at} where id = ${accountId}`
  await tx`update other_number set replaced_by = ${fresh} where bank = ${bank} and replaced_by = ${number}`
  await tx`
    insert into other_number (bank, number, account_id, replaced_by, until)
    values (${bank}, ${number}, ${accountId}, ${fresh}, ${at}::timestamptz + ${FORMER_FOR}::interval)
    on conflict (bank, number) do update set replaced_by = excluded.replaced_by, until = excluded.until`
  return fresh
}

/** A second number that means the same account, for a correction that names one. */
export async function addNumber(tx: Tx, { bank, accountId, number, at }: Moved): Promise<string> {
  const sibling = siblingOf(number)
  await tx`
    insert into other_number (bank, number, account_id, until)
    select ${bank}, ${sibling}, ${accountId}, ${at}::timestamptz + ${FOR_GOOD}::interval
    where not exists (select 1 from account where bank = ${bank} and number = ${sibling})
      and not exists (select 1 from account_token where number = ${sibling})
    on conflict do nothing`
  return sibling
}
