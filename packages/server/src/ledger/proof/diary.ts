import type { Tx } from '../../db/connect.ts'
import type { Posting } from '../books.ts'

type Entry = Pick<Posting, 'debit' | 'credit' | 'amount'>

/** An entry that a line of a diary must have made. */
export type DueEntry = Readonly<Entry & { seq: number; because: string }>

/** A subject whose diary was told again from the start. `broken`: why the diary, or what came of it, cannot be. */
export type Replayed = Readonly<{ id: string; due: readonly DueEntry[]; broken: string | undefined }>

/** How the diaries of one kind of subject are told again, by the rules of the room they belong to. */
export type Diaries = Readonly<{
  /** As a person says it: 'payment'. */
  kind: string
  /** Which of these ids are such subjects. */
  findIds(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>>
  /** In the order of their ids, those after one; no more than a page. Empty: that was all. */
  replayAfter(tx: Tx, after: string): Promise<readonly Replayed[]>
}>

export type Line<Fact> = Readonly<{ seq: number; fact: Fact }>

/** A room's machine, and what each fact does to the books. */
export type Rules<Subject, Fact> = Readonly<{
  canMove(before: Subject, kind: string): boolean
  move(before: Subject, fact: Fact): Subject
  postingsFor(before: Subject, fact: Fact): readonly Entry[]
}>

type Standing = Readonly<{ status: string; moves: number }>

/**
 * Tells a diary again, line by line, to the subject as it was before anything happened to it. In the end it must stand
 * where its row says.
 */
export function replay<Subject extends Standing & { id: string }, Fact extends { kind: string }>(
  unborn: Subject,
  lines: readonly Line<Fact>[],
  rules: Rules<Subject, Fact>,
  row: Standing,
): Replayed {
  const { id } = unborn
  const due: DueEntry[] = []
  let subject = unborn
  for (const { seq, fact } of lines) {
    const broken = (why: string): Replayed => ({ id, due, broken: `line ${seq} of its diary, ${fact.kind}, ${why}` })
    if (seq !== subject.moves + 1) return broken(`should be line ${subject.moves + 1}`)
    if (!rules.canMove(subject, fact.kind)) return broken(`cannot happen to one that is ${subject.status}`)
    for (const entry of rules.postingsFor(subject, fact)) due.push({ ...entry, seq, because: fact.kind })
    subject = rules.move(subject, fact)
  }
  if (subject.status === row.status && subject.moves === row.moves) return { id, due, broken: undefined }
  const ends = `its diary ends in ${subject.status} after ${subject.moves}`
  return { id, due, broken: `it is ${row.status} after ${row.moves} moves, but ${ends}` }
}
