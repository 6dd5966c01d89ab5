/** A JSON answer as a test reads it: every member may be there. Lists are read with `rows`. */
export interface Json {
  readonly [member: string]: Json
}
export const rows = (list: Json | undefined): readonly Json[] => (list ?? []) as unknown as readonly Json[]

export type Answer = Readonly<{ status: number; headers: Headers; text: string; body: Json }>

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json') && text !== ''
  const body = (json ? JSON.parse(text) : {}) as Json
  return { status: response.status, headers: response.headers, text, body }
}
