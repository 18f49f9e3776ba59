/**
 * Cuts a stream of octets into lines, and lets somebody else take what is no lines (the body of a
 * message). What was pushed is read in place; it is copied only when it is still unread at `keep`.
 *
 * A line ends in CRLF. A bare LF ends one too: a reader that took it for a part of the line would pass
 * on as one line what a more tolerant peer takes for two. As every line leaves Postern with a CRLF of
 * its own, taking the LF for an end makes all peers see the same lines. A bare CR ends nothing; whoever
 * asks for lines can have it, and NUL, told by `taint`.
 */

/** A line without its end, or nothing yet, or more octets than the cap without an end. */
export type Line = Uint8Array | undefined | 'overlong'

export class LineReader {
  #bytes: Uint8Array = nothing
  #at = 0
  /** No LF stands between `#at` and here. */
  #searched = 0
  /** Memory of our own that `#bytes` is the front part of; empty while `#bytes` is still the pusher's. */
  #storage: Uint8Array = nothing

  /** Octets that nobody has taken. */
  get unread(): number {
    return this.#bytes.length - this.#at
  }

  /** Adds octets. They are read in place until `keep` is called. */
  push(bytes: Uint8Array): void {
    if (this.unread === 0) {
      this.#bytes = bytes
      this.#at = 0
      this.#searched = 0
      this.#storage = nothing
      return
    }
    if (this.#bytes.length + bytes.length > this.#storage.length)
      this.#move(Math.max(this.unread + bytes.length, 2 * this.unread))
    const end = this.#bytes.length
    this.#storage.set(bytes, end)
    this.#bytes = this.#storage.subarray(0, end + bytes.length)
  }

  /**
   * Takes the next line.
   *
   * @param cap octets of the longest line, its end among them. An overlong line is not taken.
   */
  next(cap: number): Line {
    const end = this.#bytes.indexOf(LF, this.#searched)
    if (end === -1) {
      this.#searched = this.#bytes.length
      return this.unread >= cap ? 'overlong' : undefined
    }
    if (end + 1 - this.#at > cap) return 'overlong'
    const line = this.#bytes.subarray(this.#at, end > this.#at && this.#bytes[end - 1] === CR ? end - 1 : end)
    this.skip(end + 1 - this.#at)
    return line
  }

  /** All that is unread, not taken. */
  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at)
  }

  /** Takes so many octets. */
  skip(count: number): void {
    this.#at += count
    this.#searched = Math.max(this.#searched, this.#at)
  }

  /** Copies what is unread, before whoever pushed it takes the memory back. */
  keep(): void {
    if (this.unread === 0) this.clear()
    else if (this.#storage.length === 0) this.#move(this.unread)
  }

  /** Forgets everything. */
  clear(): void {
    this.#bytes = nothing
    this.#at = 0
    this.#searched = 0
    this.#storage = nothing
  }

  /** Moves what is unread to new memory of our own, `size` octets of it. */
  #move(size: number): void {
    this.#storage = new Uint8Array(size)
    this.#storage.set(this.rest())
    this.#bytes = this.#storage.subarray(0, this.unread)
    this.#searched -= this.#at
    this.#at = 0
  }
}

/** What no line of a text protocol holds: NUL, or a CR that ends nothing. */
export function taint(line: Uint8Array): 'nul' | 'bare-cr' | undefined {
  if (line.includes(NUL)) return 'nul'
  return line.includes(CR) ? 'bare-cr' : undefined
}

const nothing = new Uint8Array(0)
const NUL = 0x00
const LF = 0x0a
const CR = 0x0d
