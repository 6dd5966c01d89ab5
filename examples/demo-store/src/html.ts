/** Text that is already HTML. Only `html` makes it, so everything else is escaped on its way in. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Piece = string | number | Html | false | undefined | readonly Piece[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function pieceText(piece: Piece): string {
  if (piece === false || piece === undefined) return ''
  if (piece instanceof Html) return piece.text
  if (typeof piece === 'object') return piece.map(pieceText).join('')
  return String(piece).replace(/[&<>"']/g, (character) => entities[character]!)
}

/** A page, or a part of one. Values are escaped for text and for quoted attributes; always quote attributes. */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Html {
  return new Html(strings.reduce((text, string, i) => text + pieceText(pieces[i - 1]) + string))
}
