/**
 * The streaming reader: takes a message at any chunking, tells of its parts while it arrives, and gives
 * the Reading at its end. It searches for hyphens, and goes line by line only inside headers.
 */
import { readDelimiter } from './delimiter.ts'
import { embeddedDrafts } from './embedded.ts'
import { isIdentity } from './encodings.ts'
import { Finder, type Found } from './finder.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { isDomainSigned } from './marks.ts'
import { octetString } from './octets.ts'
import type { Host, Region } from './openings.ts'
import { Book } from './parts.ts'
import { Structure } from './structure.ts'
import type { AmbiguityReason, Reader, ReaderEvent, Reading } from './types.ts'
import { Window } from './window.ts'

export interface ReaderOptions {
  /** Takes the events, in order, during `push` and `finish`. */
  readonly out?: (event: ReaderEvent) => void
  readonly limits?: Partial<Limits>
}

export function createReader(options: ReaderOptions = {}): Reader {
  return new MessageReader(options)
}

const [lf, cr, sp, tab, dash] = [0x0a, 0x0d, 0x20, 0x09, 0x2d]

/** A line in a header longer than this is taken in pieces; RFC 5322 §2.1.1 allows 998. */
const longestPiece = 16 * 1024
/** Blanks before a boundary line that trimming clients pass over. */
const mostIndent = 16

class MessageReader implements Reader, Host {
  readonly #limits: Limits
  readonly #book: Book
  readonly #structure: Structure
  readonly #window = new Window()
  readonly #out: (event: ReaderEvent) => void
  #region: Region = { kind: 'header' }
  #finder: Finder | undefined
  /** Everything before was looked at for structure. */
  #scanned = 0
  /** In a header: what stands at `#scanned` begins a line. */
  #startsLine = true
  /** No line end in the unfinished line up to here. */
  #searched = 0
  /** Everything of the region before was handed out. */
  #handedOut = 0
  /** Where the line begins that has to come first; -1: none is waited for. */
  #waitsFrom = -1
  /** Lines that began like a boundary line. */
  #candidates = 0
  readonly #headersLeft: { count: number }

  constructor({ out, limits }: ReaderOptions) {
    this.#limits = { ...defaultLimits, ...limits }
    this.#headersLeft = { count: this.#limits.embeddedHeaders }
    this.#book = new Book(this.#limits)
    this.#out = out ?? (() => {})
    this.#structure = new Structure(this.#limits, this.#book, this)
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    this.#window.append(chunk)
    this.#scan(false)
    const hold = this.#holdFrom()
    this.flush(hold)
    this.#window.release(Math.min(hold, this.#scanned))
    this.#window.keep()
  }

  finish(): Reading {
    this.#scan(true)
    const size = this.#window.end
    this.#structure.finish(size)
    this.flush(size)
    this.#finder?.finish()
    const { headers, bodyStart, boundaries } = this.#structure.whole
    if (isDomainSigned(headers)) this.#book.mark('dkim-signed', undefined)
    return {
      ...{ parts: this.#book.parts(size), headers, bodyStart, size, boundaries: [...boundaries] },
      ...{ ambiguities: this.#book.ambiguities(), limits: this.#book.limits(), marks: this.#book.marks() },
    }
  }

  out(event: ReaderEvent): void {
    this.#out(event)
  }

  flush(end: number): void {
    if (end <= this.#handedOut) return
    const region = this.#region
    const octets = this.#window.slice(Math.max(this.#handedOut, this.#window.start), end)
    this.#handedOut = end
    if (region.kind === 'header') return
    this.#finder?.push(octets)
    if (region.kind === 'leaf') this.#out({ kind: 'body', id: region.draft.id, octets })
  }

  region(region: Region, start: number): void {
    this.#finder?.finish()
    this.#region = region
    this.#handedOut = start
    this.#finder = looksInside(region)
      ? new Finder(this.#limits, (found) => this.#embedded(found, region), this.#headersLeft, start)
      : undefined
  }

  #embedded(found: Found | 'too-many', region: Region): void {
    if (found === 'too-many') {
      this.#book.exceed('embedded', undefined)
      return
    }
    for (const draft of embeddedDrafts(found, region, this.#book)) {
      if (!this.#book.embedded(draft)) this.#headersLeft.count = 0
      if (draft.alternative !== undefined)
        this.#book.doubt(draft.alternative, draft.parent, `octet ${found.start}`)
    }
  }

  #scan(final: boolean): void {
    this.#waitsFrom = -1
    while (this.#scanned < this.#window.end && this.#waitsFrom < 0) {
      if (this.#structure.whole.frozen) this.#scanned = this.#window.end
      else if (this.#structure.inHeader()) this.#headerLine(final)
      else this.#nextDash(final)
    }
  }

  /** One line, or a piece of a long one. */
  #headerLine(final: boolean): void {
    const start = this.#scanned
    const starts = this.#startsLine
    if (this.#structure.skipsHeader() && this.#skipLines()) return
    const found = this.#window.find(lf, Math.max(start, this.#searched))
    this.#searched = this.#window.end
    if (found < 0 && !final && this.#window.end - start < longestPiece) {
      this.#waitsFrom = start
      return
    }
    const next = found < 0 ? this.#window.end : found + 1
    const octets = this.#window.slice(start, next)
    const line = octetString(octets)
    this.#scanned = next
    this.#searched = next
    this.#startsLine = found >= 0
    const dashes = starts ? /^[ \t]{0,16}--/.exec(line) : null
    const place = dashes === null ? -1 : start + dashes[0].length - 2
    const before = dashes !== null && dashes[0].length > 2 ? 'boundary-look-alike' : undefined
    if (place >= 0 && this.#delimiter(place, start, before, true, 0)) return
    const early = this.#structure.headerLine(octets, line, start, starts)
    if (early && place >= 0 && this.#delimiter(place, start, before, true, start)) return
    for (let at = line.indexOf('\r--'); at >= 0; at = line.indexOf('\r--', at + 1))
      if (this.#delimiter(start + at + 1, start + at + 1, 'bare-cr', true, 0)) return
  }

  /** The header is longer than what is kept: only its end counts. Whether something was passed over. */
  #skipLines(): boolean {
    let place = this.#scanned
    while (place < this.#window.end) {
      const octet = this.#window.octet(place)
      // A blank line, or what may be a boundary line.
      if (this.#startsLine && (octet === lf || octet === cr || octet === dash || isBlank(octet))) break
      const found = this.#window.find(lf, place)
      this.#startsLine = found >= 0
      place = found < 0 ? this.#window.end : found + 1
    }
    const passed = place > this.#scanned
    this.#scanned = place
    return passed
  }

  /** Up to the next place where a boundary line could begin. */
  #nextDash(final: boolean): void {
    const place = this.#window.find(dash, this.#scanned)
    if (place < 0) {
      this.#scanned = this.#window.end
      return
    }
    this.#scanned = place + 1
    const lineStart = this.#lineStartBefore(place)
    if (lineStart < 0) return
    const text = place + 2
    const short = text >= this.#window.end
    if (!short && !this.#structure.index.mayBegin(this.#window.octet(text))) return
    const last = lineStart === 0 ? lf : this.#window.octet(lineStart - 1)
    const before = last === cr ? 'bare-cr' : lineStart < place ? 'boundary-look-alike' : undefined
    this.#startsLine = true
    this.#delimiter(place, lineStart, before, final, 0)
  }

  /** The start of the line when only blanks are before the place; else -1. */
  #lineStartBefore(place: number): number {
    let at = place
    while (at > 0 && place - at < mostIndent && isBlank(this.#window.octet(at - 1))) at -= 1
    const before = at === 0 ? lf : this.#window.octet(at - 1)
    return before === lf || before === cr ? at : -1
  }

  /** Whether some reading takes the line for a boundary line; then the scan goes on where that one does. */
  #delimiter(
    place: number,
    lineStart: number,
    before: AmbiguityReason | undefined,
    final: boolean,
    since: number,
  ): boolean {
    this.#candidates += 1
    if (this.#candidates > this.#limits.delimiterLines) {
      this.#book.exceed('delimiter-lines', undefined)
      this.#structure.whole.freeze()
      return false
    }
    const reading = readDelimiter(this.#window, place, before, this.#structure.index, this.#limits, final)
    switch (reading.kind) {
      case 'none':
        return false
      case 'more':
        this.#candidates -= 1
        this.#scanned = place
        this.#waitsFrom = lineStart
        return false
      case 'too-long':
        this.#book.exceed('delimiter-line', undefined)
        return false
      case 'matches': {
        const next = this.#structure.delimiter(reading.matches, lineStart, this.#contentEnd(lineStart), since)
        if (next === undefined) return false
        this.#scanned = next
        this.#searched = next
        this.#startsLine = true
        return true
      }
    }
  }

  /** RFC 2046 §5.1.1: the line end before a boundary line belongs to it. */
  #contentEnd(lineStart: number): number {
    const last = this.#window.octet(lineStart - 1)
    if (last === lf) return this.#window.octet(lineStart - 2) === cr ? lineStart - 2 : lineStart - 1
    return last === cr ? lineStart - 1 : lineStart
  }

  /** What may turn out to belong to a boundary line is not handed out yet. */
  #holdFrom(): number {
    const { end, start } = this.#window
    if (this.#waitsFrom >= 0) return this.#contentEnd(this.#waitsFrom)
    let at = end
    while (at > start && end - at <= mostIndent && isBlank(this.#window.octet(at - 1))) at -= 1
    const last = this.#window.octet(at - 1)
    return at === 0 || last === lf || last === cr ? this.#contentEnd(at) : end
  }
}

function isBlank(octet: number): boolean {
  return octet === sp || octet === tab
}

/** Text that clients look into, and what stands around parts. */
function looksInside(region: Region): boolean {
  switch (region.kind) {
    case 'header':
      return false
    case 'preamble':
    case 'epilogue':
      return true
    case 'leaf':
      return (
        isIdentity(region.draft.encoding) &&
        /^(?:(?:text|message|multipart)\/.*)?$/.test(region.draft.declaredType)
      )
  }
}
