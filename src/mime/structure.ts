/**
 * Follows every reading of a message at the same time: the common one, and for each place where clients
 * disagree one more, until both are in the same state again. The reader tells it of header lines and of
 * boundary lines; everything else in a message has no bearing on structure.
 */
import type { BoundaryIndex } from './boundaries.ts'
import type { Match } from './delimiter.ts'
import { type Frame, unclosedWithin } from './frames.ts'
import { type Block, readHeaderLine, type Split } from './header-lines.ts'
import type { Head } from './heads.ts'
import type { Limits } from './limits.ts'
import { evidence } from './octets.ts'
import { type Host, Openings, pgpLines } from './openings.ts'
import { type Book, isBlank, type PlacedDoubt } from './parts.ts'
import type { Readings } from './readings.ts'
import type { AmbiguityReason } from './types.ts'

/** Octets without a field behind which what may be a message is none; base64 has no fields at all. */
const longestWait = 8 * 1024

export class Structure {
  readonly #limits: Limits
  readonly #book: Book
  readonly #host: Host
  readonly #parts: Openings
  readonly #readings: Readings
  #steps = 0

  constructor(limits: Limits, book: Book, host: Host) {
    this.#limits = limits
    this.#book = book
    this.#host = host
    this.#parts = new Openings(limits, book, host)
    this.#readings = this.#parts.readings
  }

  /** All boundaries that some reading waits for. */
  get index(): BoundaryIndex {
    return this.#parts.index
  }

  /** What the Reading tells of the message itself. */
  get whole(): Openings {
    return this.#parts
  }

  /** Whether some reading is in a header, so that lines count. */
  inHeader(): boolean {
    return this.#readings.heads.some(({ place }) => place.kind === 'header')
  }

  /** Whether every header that is being read is longer than what is kept of it. */
  skipsHeader(): boolean {
    return this.#readings.heads.every(
      ({ place }) => place.kind !== 'header' || (place.block.truncated && !place.block.fresh),
    )
  }

  /**
   * A line, or a piece of a long one, for the readings that are in a header.
   *
   * @param octets with the line end
   * @param starts the piece begins a line
   * @returns whether a reading now has its body begin inside or before this line
   */
  headerLine(octets: Uint8Array, line: string, start: number, starts: boolean): boolean {
    const blocks = new Set<Block>()
    let early = false
    for (const head of this.#readings.take()) {
      const { place } = head
      if (place.kind !== 'header' || place.block.start > start) {
        this.#readings.add(head)
        continue
      }
      const read = readHeaderLine(line, place.block.fresh)
      const ends = read.ends && starts
      if (!ends) blocks.add(place.block)
      if (ends) this.#parts.finishHeader(head, start + octets.length, new Uint8Array(0))
      else if (place.tentative && starts && !read.isField) {
        if (place.block.length < longestWait) this.#readings.add(head)
      } else early = this.#stay(head, read.splits, starts, octets, start) || early
    }
    for (const block of blocks) {
      if (starts && !/^>?From /.test(line)) block.fresh = false
      block.append(octets, this.#limits.headerOctets)
      if (block.truncated) this.#book.exceed('header-octets', undefined)
    }
    this.#settle()
    return early
  }

  /** The header goes on for this reading, and ends here for others. */
  #stay(head: Head, splits: readonly Split[], starts: boolean, octets: Uint8Array, start: number): boolean {
    const { place } = head
    if (place.kind !== 'header') return false
    const due = splits.filter(({ reason }) => (starts || reason === 'bare-cr') && !place.splits.has(reason))
    const seen = new Set([...place.splits, ...due.map(({ reason }) => reason)])
    this.#readings.add({ ...head, place: { ...place, tentative: false, splits: seen } })
    for (const { reason, headerLength, bodyAt, soft } of due) {
      const doubt = {
        reason,
        detail: `header ends at octet ${start + bodyAt}`,
        part: head.frame.draft?.id,
        soft,
      }
      const fork = this.#readings.fork(head, doubt)
      if (fork !== undefined) this.#parts.finishHeader(fork, start + bodyAt, octets.subarray(0, headerLength))
    }
    return due.some(({ bodyAt }) => bodyAt < octets.length)
  }

  /**
   * A line that is a boundary line to some reading.
   *
   * @param end of what is before the line, its line end excluded
   * @param since only readings whose body began at or behind this place look at it
   * @returns the nearest place where a reading goes on behind the line; `undefined` when none takes it
   */
  delimiter(matches: readonly Match[], lineStart: number, end: number, since = 0): number | undefined {
    this.#markArmour(matches)
    if (
      !matches.some(({ boundary }) => this.#readings.heads.some(({ frame }) => frame.nearest.has(boundary)))
    )
      return undefined
    const looks = ({ from }: Head) => from >= since && from <= lineStart
    const seen = this.#endHeaders(matches, lineStart, looks)
    let next: number | undefined
    for (const head of seen) {
      if (!looks(head)) {
        this.#readings.add(head)
        continue
      }
      const taken = this.#meet(head, matches, lineStart, end)
      if (taken !== undefined) next = Math.min(taken, next ?? taken)
    }
    this.#settle()
    return next
  }

  #markArmour(matches: readonly Match[]): void {
    const place = this.#readings.heads[0]?.place
    for (const { boundary, strict } of matches) {
      const kind = pgpLines.get(boundary)
      if (kind !== undefined && strict && place?.kind === 'leaf') this.#book.mark(kind, place.draft.id)
    }
  }

  /** Readings in a header that take the line for a boundary line have their header end before it. */
  #endHeaders(matches: readonly Match[], lineStart: number, looks: (head: Head) => boolean): readonly Head[] {
    for (const head of this.#readings.take()) {
      const { place } = head
      if (place.kind !== 'header' || !looks(head) || this.#natural(head, matches) === undefined) {
        this.#readings.add(head)
        continue
      }
      if (!place.block.fresh && place.block.start < lineStart) {
        const doubt = { reason: 'header-unterminated', detail: `octet ${lineStart}` } as const
        const fork = this.#readings.fork(head, { ...doubt, part: head.frame.draft?.id, soft: false })
        // That reading takes the line for one of the header.
        if (fork !== undefined) this.#readings.add({ ...fork, deaf: Number.POSITIVE_INFINITY })
      }
      this.#parts.finishHeader(head, lineStart, new Uint8Array(0))
    }
    return this.#readings.take()
  }

  /** The frame and match that a reading takes the line for: the innermost that is open. */
  #natural(head: Head, matches: readonly Match[]): { frame: Frame; match: Match } | undefined {
    let best: { frame: Frame; match: Match } | undefined
    for (const match of matches) {
      if (!match.strict && !(match.doubt !== undefined && head.habits.has(match.doubt))) continue
      let frame = head.frame.nearest.get(match.boundary)
      while (frame?.closed === true) frame = frame.outerSame
      if (frame !== undefined && frame.depth > (best?.frame.depth ?? -1)) best = { frame, match }
    }
    if (best === undefined || best.frame.depth > head.deaf) return best
    return unclosedWithin(head.frame, best.frame).length > 0 || head.deaf === Number.POSITIVE_INFINITY
      ? undefined
      : best
  }

  /** One reading meets the line: it goes on as it must, and others branch off. */
  #meet(head: Head, matches: readonly Match[], lineStart: number, end: number): number | undefined {
    this.#steps += head.primary ? 0 : 1
    if (this.#steps > this.#limits.alternativeSteps) this.#readings.stopForking()
    const natural = this.#natural(head, matches)
    const part = head.frame.draft?.id
    const detail = (boundary: string) => `${evidence(boundary)} at octet ${lineStart}`
    let next = natural?.match.next
    const branches: { frame: Frame; match: Match; doubt: PlacedDoubt }[] = []
    for (const match of this.#readings.forking ? matches : []) {
      let frame = head.frame.nearest.get(match.boundary)
      for (let steps = 0; frame !== undefined && steps < 4; steps += 1, frame = frame.outerSame) {
        if (frame === natural?.frame && match === natural.match) continue
        // Who goes by the beginning of lines goes by those that are still open.
        if (frame.closed && beginsAnother(match, natural?.match)) continue
        const reason = branchReason(match, frame, natural?.match)
        if (reason === undefined) continue
        branches.push({ frame, match, doubt: { reason, detail: detail(match.boundary), part, soft: false } })
      }
    }
    if (head.primary && natural?.frame.outerSame?.closed === false)
      this.#book.doubt('boundary-reused', natural.frame.draft?.id, detail(natural.match.boundary))
    const loose = natural === undefined ? [] : unclosedWithin(head.frame, natural.frame)
    const inner = loose[0]
    const filled = loose.some(({ draft }) => !isBlank(draft?.bodyStart ?? 0, end))
    const stays: PlacedDoubt[] = []
    if (natural !== undefined && inner !== undefined) {
      const doubt = {
        reason: 'multipart-unterminated',
        detail: detail(inner.boundary),
        part: inner.draft?.id,
        soft: false,
      } as const
      // What follows may be in it for some: the reading that stays will tell.
      if (head.primary && filled) this.#book.doubt(doubt.reason, doubt.part, doubt.detail)
      stays.push(doubt)
    }
    if (natural?.match.strict === true && natural.match.doubt !== undefined)
      stays.push({ reason: natural.match.doubt, detail: detail(natural.match.boundary), part, soft: false })
    if (natural === undefined) this.#readings.add(head)
    else this.#take(head, natural.frame, natural.match, end)
    for (const doubt of stays) {
      const fork = this.#readings.fork(head, doubt)
      if (fork !== undefined) this.#readings.add({ ...fork, deaf: natural?.frame.depth ?? -1 })
    }
    for (const { frame, match, doubt } of branches) {
      const fork = this.#readings.fork(head, doubt)
      if (fork === undefined) continue
      const habits = match.strict ? head.habits : new Set([...head.habits, doubt.reason])
      this.#take({ ...fork, habits }, frame, match, end)
      next = Math.min(next ?? match.next, match.next)
    }
    return next
  }

  /** What is before the line ends; a part begins behind it, or the multipart is over. */
  #take(head: Head, frame: Frame, match: Match, end: number): void {
    this.#parts.closeTo(head, frame, end)
    const common = { ...head, deaf: -1, from: match.next }
    if (match.form === 'close') {
      const closed = this.#parts.frames.withClosed(frame, true)
      if (head.primary) this.#host.region({ kind: 'epilogue', draft: closed.draft }, match.next)
      this.#readings.add({ ...common, frame: closed, place: { kind: 'gap' } })
      return
    }
    this.#parts.startHeader(
      { ...common, frame: this.#parts.frames.withClosed(frame, false) },
      match.next,
      false,
    )
  }

  #settle(): void {
    this.#readings.merge()
    this.#parts.tidy()
  }

  /** The message is at its end. */
  finish(size: number): void {
    for (let rounds = 0; this.inHeader() && rounds <= this.#limits.depth; rounds += 1) {
      for (const head of this.#readings.take()) {
        const { place } = head
        if (place.kind === 'header') this.#parts.finishHeader(head, size, new Uint8Array(0))
        else this.#readings.add(head)
      }
    }
    for (const head of this.#readings.take()) {
      const outermost = this.#parts.frames.outermost(head.frame)
      const loose = unclosedWithin(head.frame, outermost)
      const open = loose.find(({ draft }) => !isBlank(draft?.bodyStart ?? 0, size))
      if (head.primary && open !== undefined)
        this.#book.doubt('multipart-unterminated', open.draft?.id, evidence(open.boundary))
      this.#parts.closeTo(head, outermost, size)
    }
  }
}

/** The line is that of another boundary, which this one is the beginning of. */
function beginsAnother(match: Match, natural: Match | undefined): boolean {
  return !match.strict && natural?.strict === true && natural.boundary.startsWith(match.boundary)
}

/** Why some clients take a line for the boundary line of a frame; `undefined` when none does. */
function branchReason(match: Match, frame: Frame, natural: Match | undefined): AmbiguityReason | undefined {
  if (!match.strict) return match.doubt
  if (frame.closed) return match.form === 'open' ? 'part-after-close' : undefined
  if (natural === undefined) return undefined
  return natural.boundary === match.boundary ? 'boundary-reused' : 'boundary-look-alike'
}
