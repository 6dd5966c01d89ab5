/** An e-mail to one address. The same `id` names the same letter, so that one sent twice is recognized. */
export type Letter = Readonly<{ id: string; to: string; subject: string; text: string }>

/** Hands a letter to whoever carries it. Throws when it was not taken: the job that sends it is tried again. */
export type Mail = Readonly<{ send(letter: Letter): Promise<void> }>
