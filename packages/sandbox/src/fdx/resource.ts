import type { Call, Rule } from './call.ts'

/** What a resource has to say. No body means none is sent. */
export type Answer = Readonly<{ status?: number; body?: object }>
export type Asked = Readonly<{ id: string; query: Readonly<Record<string, string | undefined>>; body: unknown }>
export type Resource = Readonly<{
  method: 'GET' | 'PUT'
  path: string
  rule: Rule
  answer: (call: Call, asked: Asked) => Promise<Answer>
}>
