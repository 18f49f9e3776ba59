/** uuencode (POSIX uuencode, historical algorithm) as clients decode it. */
import { lineCutter } from './lines.ts'
import { concat } from './octets.ts'
import type { Decoder } from './types.ts'

/** `first`: the first file; `every`: all files one behind the other; `bare`: every line, as if `begin` stood before. */
type Habit = 'first' | 'every' | 'bare'

const prefix = 'uuencode '
const alternatives = [`${prefix}every`, `${prefix}bare`]

/** Takes a text from `begin` to `end`, also with other lines around. */
export function uuDecoder(name?: string): Decoder {
  const habit: Habit = name === alternatives[0] ? 'every' : name === alternatives[1] ? 'bare' : 'first'
  const lines = lineCutter()
  let state: 'before' | 'data' | 'after' = habit === 'bare' ? 'data' : 'before'
  let damage: string | undefined
  let pieces: Uint8Array[] = []

  const take = (line: string) => {
    const begins = beginLine.test(line)
    if (begins) {
      if (state === 'after' && habit === 'first') damage ??= 'more than one begin'
      if (state === 'before' || habit === 'every') state = 'data'
    } else if (state === 'data') {
      if (habit !== 'bare' && /^end\s*$/.test(line)) state = 'after'
      else if (isData(line)) pieces.push(decodeLine(line))
      else if (line.trim() !== '' && habit !== 'bare') damage ??= 'a line that is no data'
    }
  }
  const taken = () => {
    const octets = concat(pieces)
    pieces = []
    return octets
  }

  return {
    push(octets) {
      lines.push(octets, take)
      return taken()
    },
    finish() {
      lines.finish(take)
      if (state === 'before') damage ??= 'no begin'
      if (state === 'data') damage ??= 'no end'
      const octets = taken()
      if (damage === undefined || habit !== 'first') return { octets, ambiguities: [], alternatives: [] }
      const found = { reason: 'uuencode-damaged', part: undefined, detail: damage } as const
      return { octets, ambiguities: [found], alternatives }
    },
  }
}

/** The line that opens a file: permissions, then its name. */
export const beginLine = /^begin[ \t]+[0-7]{3,4}[ \t]+(\S.*)$/i

/** A line of data by its look: a length, and about as many characters as that needs. */
export function isData(line: string): boolean {
  const first = line.charCodeAt(0)
  if (!(first >= 0x20 && first <= 0x60)) return false
  const needed = Math.ceil(((first - 0x20) & 63) / 3) * 4
  const there = line.trimEnd().length - 1
  // Some encoders add a check character or two; some leave blanks away at the end.
  return there <= needed + 2 && there >= Math.min(needed - 3, 1) && /^[\x20-\x60]*$/.test(line.trimEnd())
}

function decodeLine(line: string): Uint8Array {
  const length = (line.charCodeAt(0) - 0x20) & 63
  const output = new Uint8Array(Math.ceil(length / 3) * 3)
  for (let group = 0; group * 3 < length; group += 1) {
    let bits = 0
    for (let index = 0; index < 4; index += 1) {
      const code = line.charCodeAt(1 + group * 4 + index)
      bits = (bits << 6) | (Number.isNaN(code) ? 0 : (code - 0x20) & 63)
    }
    output.set([bits >> 16, (bits >> 8) & 0xff, bits & 0xff], group * 3)
  }
  return output.subarray(0, length)
}
