/** What one line means to a header that is being read, for the common reading and for the others. */
import { isStrictField, readHead } from './fields.ts'
import type { AmbiguityReason } from './types.ts'

/** A place where the header ends for some clients. */
export interface Split {
  readonly reason: AmbiguityReason
  /** Octets of the line that still belong to the header. */
  readonly headerLength: number
  /** Where in the line the body begins; the length of the line: behind it. */
  readonly bodyAt: number
  /** Only blanks: common enough in folded fields to be harmless where the body is plain text. */
  readonly soft: boolean
}

export interface HeaderLine {
  /** The line ends the header for everybody. */
  readonly ends: boolean
  readonly splits: readonly Split[]
  /** Somebody takes it for a field. */
  readonly isField: boolean
}

/**
 * @param line an octet string with its line end
 * @param first nothing but `From ` lines came before
 */
export function readHeaderLine(line: string, first: boolean): HeaderLine {
  const text = line.replace(/[\r\n]+$/, '')
  if (text === '' && !/\r\r/.test(line)) return { ends: true, splits: [], isField: false }
  const splits: Split[] = []
  const blank = blankAfterCr(line)
  if (blank !== undefined) splits.push({ reason: 'bare-cr', ...blank, soft: false })
  if (text === '') return { ends: true, splits: [], isField: false }
  if (/^[ \t]+$/.test(text)) {
    splits.push({ reason: 'header-odd-line', headerLength: 0, bodyAt: line.length, soft: true })
    return { ends: false, splits, isField: false }
  }
  if (isStrictField(line)) return { ends: false, splits, isField: true }
  if (/^[ \t]/.test(line)) return { ends: false, splits, isField: false }
  // The first line of a mailbox file's message; clients pass over it.
  if (first && /^>?From /.test(line)) return { ends: false, splits, isField: false }
  const isField = readHead(line) !== undefined
  splits.push({
    reason: isField ? 'header-odd-name' : 'header-odd-line',
    headerLength: 0,
    bodyAt: 0,
    soft: false,
  })
  return { ends: false, splits, isField }
}

/** RFC 5322 §2.2: CR occurs only before LF. Clients that end lines at any CR see a blank line in these. */
function blankAfterCr(line: string): { headerLength: number; bodyAt: number } | undefined {
  const at = /^\r(?!\n)/.test(line) ? 0 : line.indexOf('\r\r')
  if (at < 0) return undefined
  const second = at === 0 && line[0] === '\r' && line[1] !== '\r' ? 0 : at + 1
  const bodyAt = line[second + 1] === '\n' ? second + 2 : second + 1
  return { headerLength: at, bodyAt }
}

/** The octets of one header, while it arrives. */
export class Block {
  readonly start: number
  /** No field yet: only what comes before fields. */
  fresh = true
  /** There is more than is kept. */
  truncated = false
  length = 0
  /** Ours, with room behind `length`. */
  #held = new Uint8Array(0)

  constructor(start: number) {
    this.start = start
  }

  append(octets: Uint8Array, most: number): void {
    const room = most - this.length
    if (octets.length > room) this.truncated = true
    const taken = octets.length > room ? octets.subarray(0, Math.max(0, room)) : octets
    const length = this.length + taken.length
    if (length > this.#held.length) {
      const larger = new Uint8Array(Math.max(256, 2 * length))
      larger.set(this.#held.subarray(0, this.length))
      this.#held = larger
    }
    this.#held.set(taken, this.length)
    this.length = length
  }

  octets(): Uint8Array {
    return this.#held.slice(0, this.length)
  }
}
