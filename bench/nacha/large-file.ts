import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { openReader, openValidator } from '../../packages/nacha/src/index.ts'
import { pieces } from './ours.ts'

/** Reads a file as a program does that has to take any size: one buffer, over and over. */
function* chunksOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r')
  const buffer = Buffer.alloc(65_536)
  for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer))
    yield buffer.subarray(0, length)
  closeSync(file)
}

function write(path: string, count: number): void {
  const file = openSync(path, 'w')
  for (const piece of pieces(count)) writeSync(file, piece, null, 'latin1')
  closeSync(file)
}

function read(path: string, count: number): void {
  const reader = openReader()
  let entries = 0
  for (const chunk of chunksOf(path)) for (const { kind } of reader.push(chunk)) if (kind === 'entry') entries++
  for (const record of reader.end())
    if (record.kind === 'entry') entries++
    else if (record.kind === 'file_end' && !record.agrees) throw new Error('the file does not agree with itself')
  if (entries !== count) throw new Error(`${entries} of ${count} entries were read`)
}

function validate(path: string): void {
  const validator = openValidator()
  let found = 0
  for (const chunk of chunksOf(path)) found += validator.push(chunk).length
  found += validator.end().length
  if (found > 0) throw new Error(`there were ${found} findings`)
}

const [job = '', path = '', count = ''] = process.argv.slice(2)
if (job === 'write') write(path, Number(count))
else if (job === 'read') read(path, Number(count))
else validate(path)
console.log(process.resourceUsage().maxRSS / 1_024)
