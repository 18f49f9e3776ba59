/**
 * Edits on their way into a message: untouched octets go through as they came, and each Edit's
 * replacement stands for its range.
 */
import type { Edit } from './types.ts'

export type EditsFault = {
  readonly kind: 'overlap' | 'backwards'
  /** The Edit that cannot be made. */
  readonly edit: Edit
}

export interface Editor {
  /** The next octets of the message as it came; what comes out, in order. */
  push(octets: Uint8Array): Uint8Array[]
  /** What stands behind the last octet. Edits beyond the end of the message are made there. */
  finish(): Uint8Array[]
}

export type EditsResult =
  | { readonly kind: 'ready'; readonly editor: Editor }
  | { readonly kind: 'fault'; readonly fault: EditsFault }

/** Edits in any order. Insertions at one place are made in the order in which they are given. */
export function applyEdits(edits: readonly Edit[]): EditsResult {
  const order = [...edits].sort((a, b) => a.start - b.start || a.end - b.end)
  let last = 0
  for (const edit of order) {
    if (!(edit.start >= 0 && edit.end >= edit.start))
      return { kind: 'fault', fault: { kind: 'backwards', edit } }
    if (edit.start < last) return { kind: 'fault', fault: { kind: 'overlap', edit } }
    last = edit.end
  }
  return { kind: 'ready', editor: new StreamEditor(order) }
}

class StreamEditor implements Editor {
  readonly #edits: readonly Edit[]
  #next = 0
  #place = 0

  constructor(edits: readonly Edit[]) {
    this.#edits = edits
  }

  push(octets: Uint8Array): Uint8Array[] {
    const pieces: Uint8Array[] = []
    const base = this.#place
    const end = base + octets.length
    let at = base
    const keep = (to: number) => {
      if (to > at) pieces.push(octets.subarray(at - base, to - base))
      at = Math.max(at, to)
    }
    for (;;) {
      const edit = this.#edits[this.#next]
      if (edit === undefined || edit.start >= end) break
      keep(edit.start)
      // A range that began before was answered for there; only its rest is passed over.
      if (edit.start >= base && edit.replacement.length > 0) pieces.push(edit.replacement)
      at = Math.min(edit.end, end)
      if (edit.end > end) break
      this.#next += 1
    }
    const open = this.#edits[this.#next]
    if (open === undefined || open.start >= end) keep(end)
    this.#place = end
    return pieces
  }

  finish(): Uint8Array[] {
    const pieces: Uint8Array[] = []
    for (const edit of this.#edits.slice(this.#next))
      if (edit.start >= this.#place && edit.replacement.length > 0) pieces.push(edit.replacement)
    this.#next = this.#edits.length
    return pieces
  }
}
