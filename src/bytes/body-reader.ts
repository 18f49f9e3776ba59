/**
 * Reads the body of a multi-line reply (RFC 1939 §3): takes away the dots that were stuffed and finds
 * the final `CRLF.CRLF`, in chunks cut anywhere. Only CRLF ends a line here; a bare LF or CR is
 * content, so that nobody who controls the content can end it.
 *
 * Dots are searched, not stepped to: searching for one octet is native, and mail in base64 holds none.
 */

/** Where the octets read so far ended; what the name says has been read and `dot` was not passed on. */
type Edge = 'inside' | 'cr' | 'start' | 'dot' | 'dot-cr' | 'end'

export class BodyReader {
  #edge: Edge = 'start'

  /** The final dot's line was read whole. */
  get ended(): boolean {
    return this.#edge === 'end'
  }

  /**
   * Reads a chunk up to the final dot.
   *
   * @param take is given the content in order, in pieces of the chunk
   * @returns octets of the chunk that belong to the body, all of them unless `ended`
   */
  read(chunk: Uint8Array, take: (piece: Uint8Array) => void): number {
    let from = this.#finishDot(chunk, take)
    if (this.#edge === 'end' || from === chunk.length) return from
    for (let dot = chunk.indexOf(DOT, from); dot !== -1; dot = chunk.indexOf(DOT, dot + 1)) {
      if (!this.#startsLine(chunk, dot)) continue
      pass(chunk, from, dot, take)
      // RFC 1939 §3: the client strips off the termination octet that starts a line.
      from = dot + 1
      if (from === chunk.length) return this.#stop('dot', from)
      if (chunk[from] !== CR) continue
      if (from + 1 === chunk.length) return this.#stop('dot-cr', from + 1)
      // RFC 1939 §3: the termination octet and a CRLF right behind it end the reply and are no part of it.
      if (chunk[from + 1] === LF) return this.#stop('end', from + 2)
    }
    pass(chunk, from, chunk.length, take)
    return this.#stop(this.#edgeOf(chunk), chunk.length)
  }

  /** Decides on a dot that ended the chunk before. Returns the place where content goes on. */
  #finishDot(chunk: Uint8Array, take: (piece: Uint8Array) => void): number {
    let at = 0
    if (this.#edge === 'dot' && chunk.length > 0) {
      this.#edge = chunk[0] === CR ? 'dot-cr' : 'inside'
      if (this.#edge === 'dot-cr') at = 1
    }
    if (this.#edge === 'dot-cr' && at < chunk.length) {
      if (chunk[at] === LF) return this.#stop('end', at + 1)
      take(loneCr)
      this.#edge = 'inside'
    }
    return at
  }

  #startsLine(chunk: Uint8Array, at: number): boolean {
    if (at === 0) return this.#edge === 'start'
    if (chunk[at - 1] !== LF) return false
    return at === 1 ? this.#edge === 'cr' : chunk[at - 2] === CR
  }

  #edgeOf(chunk: Uint8Array): Edge {
    const { length } = chunk
    if (chunk[length - 1] === CR) return 'cr'
    return this.#startsLine(chunk, length) ? 'start' : 'inside'
  }

  #stop(edge: Edge, at: number): number {
    this.#edge = edge
    return at
  }
}

function pass(chunk: Uint8Array, from: number, to: number, take: (piece: Uint8Array) => void): void {
  if (from < to) take(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to))
}

const LF = 0x0a
const CR = 0x0d
const DOT = 0x2e
const loneCr = Uint8Array.of(CR)
