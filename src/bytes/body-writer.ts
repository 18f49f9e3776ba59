/**
 * Writes the body of a multi-line reply (RFC 1939 §3) in its one canonical form, whatever comes in:
 * every line ends in CRLF, every line that starts with a dot gets one more, the last line is ended, and
 * `.CRLF` ends the whole. A bare CR or LF becomes a CRLF, because some clients take it for a line end
 * and would see a final dot behind it where others see content.
 *
 * Octets below 16 are searched four at a time: in mail nearly all of them are line ends.
 */

export class BodyWriter {
  /** Bare CR and LF that became CRLF. */
  repaired = 0
  #edge: 'inside' | 'cr' | 'start' = 'start'
  /** Whether the line whose CR is held back is empty. */
  #heldEmpty = false
  /** Lines of the body still to pass; `undefined`: all. Counted down once the header is through. */
  #linesLeft: number | undefined
  #inHeader = true
  #full = false

  /** @param lines for TOP: lines of the body that pass, behind the header and its empty line */
  constructor(lines?: number) {
    this.#linesLeft = lines
  }

  /** No content will pass any more: the lines asked for are through. */
  get full(): boolean {
    return this.#full
  }

  /**
   * Passes content on, in pieces of the chunk where nothing needs changing. The chunk must stay as it is
   * for as long as the pieces are used. A CR at its end waits for what comes next.
   */
  write(chunk: Uint8Array, put: (piece: Uint8Array) => void): void {
    if (this.#full || chunk.length === 0) return
    let from = 0
    if (this.#edge === 'cr') {
      from = chunk[0] === LF ? 1 : 0
      if (from === 0) this.repaired += 1
      put(crlf)
      this.#edge = 'start'
      if (this.#lineEnded(this.#heldEmpty)) return
    }
    this.#pass(chunk, from, put)
  }

  /** Ends the body: the last line's end where it is missing, then the final dot's line. */
  end(put: (piece: Uint8Array) => void): void {
    if (this.#edge === 'cr') this.repaired += 1
    if (this.#edge !== 'start') put(crlf)
    // RFC 1939 §3: a multi-line reply ends with the termination octet and a CRLF.
    put(finalDot)
  }

  #pass(chunk: Uint8Array, start: number, put: (piece: Uint8Array) => void): void {
    const search = new LineEndSearch(chunk)
    const { length } = chunk
    /** From here on nothing was put. */
    let from = start
    let line = start
    let atStart = this.#edge === 'start'
    while (line < length) {
      // RFC 1939 §3: a line that begins with the termination octet is stuffed with another.
      if (atStart && chunk[line] === DOT) {
        put(chunk.subarray(from, line + 1))
        from = line
      }
      const end = search.next(line)
      if (end === length) break
      const empty = atStart && end === line
      if (chunk[end] === CR && end + 1 === length) {
        this.#heldEmpty = empty
        this.#edge = 'cr'
        piece(chunk, from, end, put)
        return
      }
      if (chunk[end] === CR && chunk[end + 1] === LF) line = end + 2
      else {
        this.repaired += 1
        piece(chunk, from, end, put)
        put(crlf)
        line = end + 1
        from = line
      }
      atStart = true
      if (this.#linesLeft !== undefined && this.#lineEnded(empty)) {
        this.#edge = 'start'
        piece(chunk, from, line, put)
        return
      }
    }
    this.#edge = line === length && atStart ? 'start' : 'inside'
    piece(chunk, from, length, put)
  }

  /** Counts a line for TOP. Whether it was the last to pass. */
  #lineEnded(empty: boolean): boolean {
    if (this.#linesLeft === undefined) return false
    if (!this.#inHeader) this.#linesLeft -= 1
    else if (empty) this.#inHeader = false
    this.#full = !this.#inHeader && this.#linesLeft === 0
    return this.#full
  }
}

/** Finds CR and LF in one chunk. */
class LineEndSearch {
  readonly #chunk: Uint8Array
  readonly #words: Int32Array
  /** Octets of the chunk before the first whole word. */
  readonly #head: number

  constructor(chunk: Uint8Array) {
    const { buffer, byteOffset, length } = chunk
    const head = -byteOffset & 3
    this.#chunk = chunk
    this.#head = head
    this.#words =
      length < smallest ? noWords : new Int32Array(buffer, byteOffset + head, (length - head) >> 2)
  }

  /** The first CR or LF at `from` or behind it; the chunk's length when there is none. */
  next(from: number): number {
    const chunk = this.#chunk
    const words = this.#words
    const { length } = chunk
    let at = from
    for (;;) {
      // Up to the next whole word, octet by octet.
      for (; at < length && ((at - this.#head) & 3) !== 0; at += 1) if (isLineEnd(chunk[at])) return at
      let word = (at - this.#head) >> 2
      if (word < 0 || word >= words.length) break
      for (; word < words.length; word += 1) {
        const four = words[word] ?? 0
        // Some octet of the four is below 16 exactly when this is not 0.
        if (((four - 0x10101010) & ~four & 0x80808080) !== 0) break
      }
      at = this.#head + word * 4
      if (word === words.length) break
      for (const end = at + 4; at < end; at += 1) if (isLineEnd(chunk[at])) return at
    }
    for (; at < length; at += 1) if (isLineEnd(chunk[at])) return at
    return length
  }
}

function isLineEnd(octet: number | undefined): boolean {
  return octet === LF || octet === CR
}

function piece(chunk: Uint8Array, from: number, to: number, put: (piece: Uint8Array) => void): void {
  if (from < to) put(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to))
}

/** Below this many octets setting up words costs more than it saves. */
const smallest = 64
const noWords = new Int32Array(0)
const LF = 0x0a
const CR = 0x0d
const DOT = 0x2e
const crlf = Uint8Array.of(CR, LF)
const finalDot = Uint8Array.of(DOT, CR, LF)
