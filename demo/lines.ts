/**
 * Cuts what a client sends into lines, however it was split into segments, and never holds more
 * than the longest line that is allowed plus one chunk.
 */

/** `overlong`: a line over the limit was skipped to its end. `endless`: the skipping went on for too long. */
export type Line =
  | { readonly kind: 'line'; readonly content: Buffer }
  | { readonly kind: 'bareLf' }
  | { readonly kind: 'overlong' }
  | { readonly kind: 'endless' }

export interface LineBuffer {
  push(chunk: Buffer): void
  /** The next line without its CRLF, or `undefined` when more bytes are needed. `limit` counts the CRLF. */
  next(limit: number): Line | undefined
  /** Octets that came and were not taken yet. */
  readonly pending: number
}

/** A line is skipped for so many octets before the peer counts as hostile: the longest line any command has. */
const MAX_SKIPPED = 64 * 1024
const LF = 0x0a
const CR = 0x0d

export function createLineBuffer(): LineBuffer {
  let held: Buffer = Buffer.alloc(0)
  let searched = 0
  let skipped = 0
  const drop = (octets: number) => {
    held = held.subarray(octets)
    searched = 0
  }
  return {
    push(chunk) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    },
    next(limit) {
      const end = held.indexOf(LF, searched)
      if (end === -1) {
        searched = held.length
        if (skipped === 0 && held.length < limit) return undefined
        skipped += held.length
        drop(held.length)
        return skipped > MAX_SKIPPED ? { kind: 'endless' } : undefined
      }
      const content = held.subarray(0, Math.max(0, end - 1))
      const bareLf = held[end - 1] !== CR
      const overlong = skipped > 0 || end + 1 > limit
      skipped = 0
      drop(end + 1)
      if (overlong) return { kind: 'overlong' }
      return bareLf ? { kind: 'bareLf' } : { kind: 'line', content }
    },
    get pending() {
      return held.length
    },
  }
}
