const chunkLength = 1 << 18

/** A whole input in pieces, so that what is made of it can be let go of as it is read. */
export function* chunksOf(input: Uint8Array | string): Generator<Uint8Array | string> {
  for (let at = 0; at < input.length; at += chunkLength) {
    const to = Math.min(at + chunkLength, input.length)
    yield typeof input === 'string' ? input.slice(at, to) : input.subarray(at, to)
  }
}
