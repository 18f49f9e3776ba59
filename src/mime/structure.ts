/**
 * Follows every reading of a message at the same time: the common one, and for each place where clients
 * disagree one more, until both are in the same state again. The reader tells it of header lines and of
 * boundary lines; everything else in a message has no bearing on structure.
 */
import { BoundaryIndex } from './boundaries.ts'
import type { Match } from './delimiter.ts'
import { type Doubt, type Entity, type Interpretation, readEntity } from './entity.ts'
import { type Frame, Frames, unclosedWithin } from './frames.ts'
import { Block, readHeaderLine, type Split } from './header-lines.ts'
import { type Head, stateOf } from './heads.ts'
import type { Limits } from './limits.ts'
import { evidence } from './octets.ts'
import { type Book, type Draft, finished, type PlacedDoubt } from './parts.ts'
import type { AmbiguityReason, Field, MarkKind, ReaderEvent } from './types.ts'

/** What the common reading is in: what the reader streams, and where it looks for embedded parts. */
export type Region =
  | { readonly kind: 'header' }
  | { readonly kind: 'leaf'; readonly draft: Draft }
  | { readonly kind: 'preamble' | 'epilogue'; readonly draft: Draft | undefined }

export interface Host {
  /** Hands out what the common reading still owes up to a place; then the region changes. */
  flush(end: number): void
  region(region: Region, start: number): void
  out(event: ReaderEvent): void
}

/** Boundary lines that are none: what an armoured block begins with (RFC 9580 §6.2), without its first two hyphens. */
const pgpLines: ReadonlyMap<string, MarkKind> = new Map([
  ['---BEGIN PGP MESSAGE-----', 'pgp-encrypted'],
  ['---BEGIN PGP SIGNED MESSAGE-----', 'pgp-signed'],
])

/** So many boundaries are looked for before those that are over are sorted out. */
const fewBoundaries = 256

export class Structure {
  readonly index = new BoundaryIndex()
  readonly boundaries = new Set<string>()
  headers: readonly Field[] = []
  bodyStart = 0
  /** A limit was met behind which nothing is read. */
  frozen = false
  readonly #limits: Limits
  readonly #book: Book
  readonly #host: Host
  readonly #frames = new Frames()
  #heads: Head[]
  #headerOctets = 0
  #forks = 0
  #steps = 0
  #forking = true
  #rebuildAt = fewBoundaries

  constructor(limits: Limits, book: Book, host: Host) {
    this.#limits = limits
    this.#book = book
    this.#host = host
    const frame = this.#frames.root()
    const place = { kind: 'header', block: new Block(0), tentative: false, splits: new Set<never>() } as const
    this.#heads = [{ primary: true, frame, place, from: 0, doubts: [], habits: new Set(), deaf: -1 }]
    for (const line of pgpLines.keys()) this.index.add(line)
  }

  /** Whether some reading is in a header, so that lines count. */
  inHeader(): boolean {
    return this.#heads.some(({ place }) => place.kind === 'header')
  }

  /** Whether every header that is being read is longer than what is kept of it. */
  skipsHeader(): boolean {
    return this.#heads.every(
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
    const heads = this.#heads
    this.#heads = []
    for (const head of heads) {
      const { place } = head
      if (place.kind !== 'header' || place.block.start > start) {
        this.#add(head)
        continue
      }
      blocks.add(place.block)
      const read = readHeaderLine(line, place.block.fresh)
      if (read.ends && starts) this.#finishHeader(head, start + octets.length, new Uint8Array(0))
      else if (place.tentative && starts && !read.isField) continue
      else early = this.#stay(head, read.splits, starts, octets, start) || early
    }
    for (const block of blocks) {
      if (starts && !/^>?From /.test(line)) block.fresh = false
      block.append(octets, this.#limits.headerOctets)
      if (block.truncated) this.#book.exceed('header-octets', undefined)
    }
    this.#merge()
    return early
  }

  /** The header goes on for this reading, and ends here for others. */
  #stay(head: Head, splits: readonly Split[], starts: boolean, octets: Uint8Array, start: number): boolean {
    const { place } = head
    if (place.kind !== 'header') return false
    const due = splits.filter(({ reason }) => (starts || reason === 'bare-cr') && !place.splits.has(reason))
    const seen = new Set([...place.splits, ...due.map(({ reason }) => reason)])
    this.#add({ ...head, place: { ...place, tentative: false, splits: seen } })
    for (const { reason, headerLength, bodyAt, soft } of due) {
      const doubt = {
        reason,
        detail: `header ends at octet ${start + bodyAt}`,
        part: head.frame.draft?.id,
        soft,
      }
      const fork = this.#fork(head, doubt)
      if (fork !== undefined) this.#finishHeader(fork, start + bodyAt, octets.subarray(0, headerLength))
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
    if (!matches.some(({ boundary }) => this.#heads.some(({ frame }) => frame.nearest.has(boundary))))
      return undefined
    const looks = ({ from }: Head) => from >= since && from <= lineStart
    const seen = this.#endHeaders(matches, lineStart, looks)
    let next: number | undefined
    for (const head of seen) {
      if (!looks(head)) {
        this.#add(head)
        continue
      }
      const taken = this.#meet(head, matches, lineStart, end)
      if (taken !== undefined) next = Math.min(taken, next ?? taken)
    }
    this.#merge()
    return next
  }

  #markArmour(matches: readonly Match[]): void {
    const place = this.#heads[0]?.place
    for (const { boundary, strict } of matches) {
      const kind = pgpLines.get(boundary)
      if (kind !== undefined && strict && place?.kind === 'leaf') this.#book.mark(kind, place.draft.id)
    }
  }

  /** Readings in a header that take the line for a boundary line have their header end before it. */
  #endHeaders(matches: readonly Match[], lineStart: number, looks: (head: Head) => boolean): readonly Head[] {
    const heads = this.#heads
    this.#heads = []
    for (const head of heads) {
      const { place } = head
      if (place.kind !== 'header' || !looks(head) || this.#natural(head, matches) === undefined) {
        this.#add(head)
        continue
      }
      if (!place.block.fresh && place.block.start < lineStart) {
        const doubt = { reason: 'header-unterminated', detail: `octet ${lineStart}` } as const
        const fork = this.#fork(head, { ...doubt, part: head.frame.draft?.id, soft: false })
        // That reading takes the line for one of the header.
        if (fork !== undefined) this.#add({ ...fork, deaf: Number.POSITIVE_INFINITY })
      }
      this.#finishHeader(head, lineStart, new Uint8Array(0))
    }
    const all = this.#heads
    this.#heads = []
    return all
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
    if (this.#steps > this.#limits.alternativeSteps) this.#stopForking()
    const natural = this.#natural(head, matches)
    const part = head.frame.draft?.id
    const detail = (boundary: string) => `${evidence(boundary)} at octet ${lineStart}`
    let next = natural?.match.next
    const branches: { frame: Frame; match: Match; doubt: PlacedDoubt }[] = []
    for (const match of this.#forking ? matches : []) {
      let frame = head.frame.nearest.get(match.boundary)
      for (let steps = 0; frame !== undefined && steps < 4; steps += 1, frame = frame.outerSame) {
        if (frame === natural?.frame && match === natural.match) continue
        const reason = branchReason(match, frame, natural?.match)
        if (reason === undefined) continue
        branches.push({ frame, match, doubt: { reason, detail: detail(match.boundary), part, soft: false } })
      }
    }
    if (head.primary && natural?.frame.outerSame?.closed === false)
      this.#book.doubt('boundary-reused', natural.frame.draft?.id, detail(natural.match.boundary))
    const loose = natural === undefined ? [] : unclosedWithin(head.frame, natural.frame)
    const inner = loose[0]
    const stays: PlacedDoubt[] = []
    if (natural !== undefined && inner !== undefined) {
      const doubt = {
        reason: 'multipart-unterminated',
        detail: detail(inner.boundary),
        part: inner.draft?.id,
        soft: false,
      } as const
      if (head.primary) this.#book.doubt(doubt.reason, doubt.part, doubt.detail)
      stays.push(doubt)
    }
    if (natural?.match.strict === true && natural.match.doubt !== undefined)
      stays.push({ reason: natural.match.doubt, detail: detail(natural.match.boundary), part, soft: false })
    if (natural === undefined) this.#add(head)
    else this.#take(head, natural.frame, natural.match, end)
    for (const doubt of stays) {
      const fork = this.#fork(head, doubt)
      if (fork !== undefined) this.#add({ ...fork, deaf: natural?.frame.depth ?? -1 })
    }
    for (const { frame, match, doubt } of branches) {
      const fork = this.#fork(head, doubt)
      if (fork === undefined) continue
      const habits = match.strict ? head.habits : new Set([...head.habits, doubt.reason])
      this.#take({ ...fork, habits }, frame, match, end)
      next = Math.min(next ?? match.next, match.next)
    }
    return next
  }

  /** What is before the line ends; a part begins behind it, or the multipart is over. */
  #take(head: Head, frame: Frame, match: Match, end: number): void {
    this.#closeTo(head, frame, end)
    const common = { ...head, deaf: -1, from: match.next }
    if (match.form === 'close') {
      const closed = this.#frames.withClosed(frame, true)
      if (head.primary) this.#host.region({ kind: 'epilogue', draft: closed.draft }, match.next)
      this.#add({ ...common, frame: closed, place: { kind: 'gap' } })
      return
    }
    this.#startHeader({ ...common, frame: this.#frames.withClosed(frame, false) }, match.next, false)
  }

  #startHeader(head: Head, start: number, tentative: boolean): void {
    let block: Block | undefined
    for (const { place } of this.#heads)
      if (place.kind === 'header' && place.block.start === start) block = place.block
    if (head.primary) this.#host.region({ kind: 'header' }, start)
    const place = {
      kind: 'header',
      block: block ?? new Block(start),
      tentative,
      splits: new Set<never>(),
    } as const
    this.#add({ ...head, place, from: start })
  }

  /** The header of a reading is over: each interpretation of it becomes a reading. */
  #finishHeader(head: Head, bodyStart: number, more: Uint8Array): void {
    const { place, frame } = head
    if (place.kind !== 'header') return
    const { block } = place
    const octets = more.length === 0 ? block.octets() : fromBlock(block, more)
    if (head.primary) this.#headerOctets += octets.length
    const entity = readEntity(octets, block.start, this.#limits, frame.isDigest)
    for (const limit of entity.limits) this.#book.exceed(limit, undefined)
    if (head.primary && frame.parent === undefined) {
      this.headers = entity.fields
      this.bodyStart = bodyStart
    }
    if (this.#headerOctets > this.#limits.headerTotal) {
      this.#book.exceed('header-total', undefined)
      this.freeze()
      return
    }
    const [first, ...others] = entity.interpretations
    const placed = (doubt: Doubt, part: string | undefined) => ({ ...doubt, part, soft: false })
    const direct = head.primary ? [] : entity.doubts.map((doubt) => placed(doubt, frame.draft?.id))
    const base = { ...head, doubts: [...head.doubts, ...direct] }
    const id = this.#apply(base, entity, first, bodyStart)
    if (head.primary) for (const { reason, detail } of entity.doubts) this.#book.doubt(reason, id, detail)
    for (const interpretation of others) {
      const [doubt, ...rest] = interpretation.doubts.map((each) =>
        placed(each, head.primary ? id : frame.draft?.id),
      )
      const fork = doubt === undefined ? undefined : this.#fork(base, doubt)
      if (fork !== undefined)
        this.#apply({ ...fork, doubts: [...fork.doubts, ...rest] }, entity, interpretation, bodyStart)
    }
  }

  /** One interpretation of a header: a leaf, or a container and what comes first in it. Tells the part's id. */
  #apply(head: Head, entity: Entity, interpretation: Interpretation, bodyStart: number): string {
    const { frame, primary, place } = head
    const going = { ...head, from: bodyStart, deaf: head.deaf === Number.POSITIVE_INFINITY ? -1 : head.deaf }
    const start = place.kind === 'header' ? place.block.start : bodyStart
    const tooDeep = interpretation.container !== 'leaf' && frame.depth >= this.#limits.depth
    if (tooDeep) this.#book.exceed('depth', frame.draft?.id)
    const kind = tooDeep ? 'leaf' : interpretation.container
    if (primary) frame.count.children += 1
    const number =
      frame.kind === 'message' ? (kind === 'multipart' ? 'TEXT' : '1') : Math.max(1, frame.count.children)
    const plainId = `${frame.prefix}${number}`
    const id = primary ? plainId : this.#book.otherId(plainId, '~')
    const reason = primary ? undefined : head.doubts[head.doubts.length - 1]?.reason
    const where = { id, holder: frame.draft, start, bodyStart }
    const draft = this.#book.draft(kind, entity, interpretation, where, reason)
    if (primary) {
      if (!this.#book.begin(draft)) {
        this.freeze()
        return id
      }
      const { end: _end, ...part } = finished(draft, 0)
      this.#host.out({ kind: 'begin', part })
    }
    switch (kind) {
      case 'leaf':
        if (primary) this.#host.region({ kind: 'leaf', draft }, bodyStart)
        this.#add({ ...going, place: { kind: 'leaf', draft } })
        break
      case 'multipart':
        this.index.add(interpretation.boundary)
        this.boundaries.add(interpretation.boundary)
        if (primary) this.#host.region({ kind: 'preamble', draft }, bodyStart)
        this.#add({
          ...going,
          frame: this.#frames.multipart(frame, draft, interpretation.boundary),
          place: { kind: 'gap' },
        })
        break
      case 'message':
        this.#startHeader(
          { ...going, frame: this.#frames.message(frame, draft) },
          bodyStart,
          interpretation.tentative,
        )
        break
    }
    return id
  }

  /** Ends what is open inside a frame. */
  #closeTo({ primary, frame: inner, place, doubts }: Head, outer: Frame, end: number): void {
    if (primary) this.#host.flush(end)
    if (place.kind === 'leaf')
      this.#endLeaf(place.draft, Math.max(place.draft.bodyStart, end), primary, doubts)
    for (let frame: Frame | undefined = inner; frame !== undefined && frame !== outer; frame = frame.parent) {
      if (frame.draft === undefined) continue
      frame.draft.end ??= Math.max(frame.draft.bodyStart, end)
      if (primary) this.#host.out({ kind: 'end', part: finished(frame.draft, frame.draft.end) })
    }
  }

  #endLeaf(draft: Draft, end: number, primary: boolean, doubts: readonly PlacedDoubt[]): void {
    if (primary) {
      this.#book.end(draft, end)
      this.#host.out({ kind: 'end', part: finished(draft, end) })
    } else if (this.#forking && !this.#book.alternative(draft, end, doubts, end)) this.#stopForking()
  }

  /** The message is at its end. */
  finish(size: number): void {
    for (let rounds = 0; this.inHeader() && rounds <= this.#limits.depth; rounds += 1) {
      const heads = this.#heads
      this.#heads = []
      for (const head of heads) {
        const { place } = head
        if (place.kind === 'header') this.#finishHeader(head, size, new Uint8Array(0))
        else this.#add(head)
      }
    }
    const heads = this.#heads
    this.#heads = []
    for (const head of heads) {
      const outermost = this.#frames.outermost(head.frame)
      const [open] = unclosedWithin(head.frame, outermost)
      if (head.primary && open !== undefined)
        this.#book.doubt('multipart-unterminated', open.draft?.id, evidence(open.boundary))
      this.#closeTo(head, outermost, size)
    }
  }

  #fork(head: Head, doubt: PlacedDoubt): Head | undefined {
    if (!this.#forking) return undefined
    this.#forks += 1
    if (this.#forks > this.#limits.alternatives) {
      this.#stopForking()
      return undefined
    }
    return { ...head, primary: false, doubts: [...head.doubts, doubt] }
  }

  /** Too many readings: only the common one goes on, and the message is not clean. */
  #stopForking(): void {
    this.#book.exceed('alternatives', undefined)
    this.#forking = false
    this.#heads = this.#heads.filter(({ primary }) => primary)
  }

  /** Nothing is told apart any more: what the common reading is in goes on to the end. */
  freeze(): void {
    this.frozen = true
    this.#forking = false
    this.#heads = this.#heads.filter(({ primary }) => primary)
  }

  #add(head: Head): void {
    if (head.primary || this.#forking) this.#heads.push(head)
  }

  /** One reading for each state; the common one before all others. */
  #merge(): void {
    const states = new Map<string, Head>()
    const order = [
      ...this.#heads.filter(({ primary }) => primary),
      ...this.#heads.filter(({ primary }) => !primary),
    ]
    for (const head of order) {
      const state = stateOf(head)
      if (!states.has(state)) states.set(state, head)
    }
    this.#heads = [...states.values()]
    if (this.#heads.length > this.#limits.readings) this.#stopForking()
    if (this.index.size > this.#rebuildAt) this.#rebuildIndex()
  }

  #rebuildIndex(): void {
    const live = new Set([
      ...pgpLines.keys(),
      ...this.#heads.flatMap(({ frame }) => [...frame.nearest.keys()]),
    ])
    this.index.rebuild(live)
    this.#rebuildAt = Math.max(fewBoundaries, 2 * live.size)
  }
}

/** Why some clients take a line for the boundary line of a frame; `undefined` when none does. */
function branchReason(match: Match, frame: Frame, natural: Match | undefined): AmbiguityReason | undefined {
  if (!match.strict) return match.doubt
  if (frame.closed) return match.form === 'open' ? 'part-after-close' : undefined
  if (natural === undefined) return undefined
  return natural.boundary === match.boundary ? 'boundary-reused' : 'boundary-look-alike'
}

function fromBlock(block: Block, more: Uint8Array): Uint8Array {
  const octets = new Uint8Array(block.length + more.length)
  octets.set(block.octets())
  octets.set(more, block.length)
  return octets
}
