/**
 * Begins and ends parts for the readings: a header that is over becomes as many readings as there are
 * ways to take it; a container that is over ends all that is open inside.
 */
import { BoundaryIndex } from './boundaries.ts'
import { type Doubt, type Entity, type Interpretation, readEntity } from './entity.ts'
import { type Frame, Frames } from './frames.ts'
import { Block } from './header-lines.ts'
import type { Head } from './heads.ts'
import type { Limits } from './limits.ts'
import { type Book, type Draft, finished, type PlacedDoubt } from './parts.ts'
import { Readings } from './readings.ts'
import type { Field, MarkKind, ReaderEvent } from './types.ts'

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
export const pgpLines: ReadonlyMap<string, MarkKind> = new Map([
  ['---BEGIN PGP MESSAGE-----', 'pgp-encrypted'],
  ['---BEGIN PGP SIGNED MESSAGE-----', 'pgp-signed'],
])

/** So many boundaries are looked for before those that are over are sorted out. */
const fewBoundaries = 256

export class Openings {
  readonly index = new BoundaryIndex()
  readonly boundaries = new Set<string>()
  readonly frames = new Frames()
  readonly readings: Readings
  headers: readonly Field[] = []
  bodyStart = 0
  /** A limit was met behind which nothing is read. */
  frozen = false
  readonly #limits: Limits
  readonly #book: Book
  readonly #host: Host
  #headerOctets = 0
  #rebuildAt = fewBoundaries

  constructor(limits: Limits, book: Book, host: Host) {
    this.#limits = limits
    this.#book = book
    this.#host = host
    this.readings = new Readings(limits, book)
    const frame = this.frames.root()
    const place = { kind: 'header', block: new Block(0), tentative: false, splits: new Set<never>() } as const
    this.readings.add({ primary: true, frame, place, from: 0, doubts: [], habits: new Set(), deaf: -1 })
    for (const line of pgpLines.keys()) this.index.add(line)
  }

  startHeader(head: Head, start: number, tentative: boolean): void {
    let block: Block | undefined
    for (const { place } of this.readings.heads)
      if (place.kind === 'header' && place.block.start === start) block = place.block
    if (head.primary) this.#host.region({ kind: 'header' }, start)
    const place = {
      kind: 'header',
      block: block ?? new Block(start),
      tentative,
      splits: new Set<never>(),
    } as const
    this.readings.add({ ...head, place, from: start })
  }

  /** The header of a reading is over: each interpretation of it becomes a reading. */
  finishHeader(head: Head, bodyStart: number, more: Uint8Array): void {
    const { place, frame } = head
    if (place.kind !== 'header') return
    const { block } = place
    const octets = more.length === 0 ? block.octets() : fromBlock(block, more)
    if (head.primary) this.#headerOctets += octets.length
    const entity = readEntity(octets, block.start, this.#limits, frame.isDigest)
    if (place.tentative) return
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
      const fork = doubt === undefined ? undefined : this.readings.fork(base, doubt)
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
        this.readings.add({ ...going, place: { kind: 'leaf', draft } })
        break
      case 'multipart':
        this.index.add(interpretation.boundary)
        this.boundaries.add(interpretation.boundary)
        if (primary) this.#host.region({ kind: 'preamble', draft }, bodyStart)
        this.readings.add({
          ...going,
          frame: this.frames.multipart(frame, draft, interpretation.boundary),
          place: { kind: 'gap' },
        })
        break
      case 'message':
        this.startHeader(
          { ...going, frame: this.frames.message(frame, draft) },
          bodyStart,
          interpretation.tentative,
        )
        break
    }
    return id
  }

  /** Ends what is open inside a frame. */
  closeTo({ primary, frame: inner, place, doubts }: Head, outer: Frame, end: number): void {
    if (primary) this.#host.flush(end)
    if (place.kind === 'leaf')
      this.#endLeaf(place.draft, Math.max(place.draft.bodyStart, end), primary, doubts)
    if (place.kind === 'gap' && !inner.closed) this.#preamble(inner.draft, end, doubts)
    for (let frame: Frame | undefined = inner; frame !== undefined && frame !== outer; frame = frame.parent) {
      if (frame.draft === undefined) continue
      frame.draft.end ??= Math.max(frame.draft.bodyStart, end)
      if (primary) this.#host.out({ kind: 'end', part: finished(frame.draft, frame.draft.end) })
    }
  }

  /** Before the first boundary line of what some clients take for content. */
  #preamble(draft: Draft | undefined, end: number, doubts: readonly PlacedDoubt[]): void {
    if (draft?.asContent === undefined || end <= draft.bodyStart) return
    const { type, encoding, doubt } = draft.asContent
    const id = this.#book.otherId(draft.id, '~')
    const content: Draft = { ...draft, id, kind: 'leaf', declaredType: type, encoding, recorded: false }
    this.#endLeaf(content, end, false, [...doubts, { ...doubt, part: draft.id, soft: false }])
  }

  #endLeaf(draft: Draft, end: number, primary: boolean, doubts: readonly PlacedDoubt[]): void {
    if (primary) {
      this.#book.end(draft, end)
      this.#host.out({ kind: 'end', part: finished(draft, end) })
    } else if (this.readings.forking && !this.#book.alternative(draft, end, doubts, end))
      this.readings.stopForking()
  }

  /** Nothing is told apart any more: what the common reading is in goes on to the end. */
  freeze(): void {
    this.frozen = true
    this.readings.endForking()
  }

  /** Boundaries that no reading waits for any more are forgotten. */
  tidy(): void {
    if (this.index.size <= this.#rebuildAt) return
    const live = new Set([
      ...pgpLines.keys(),
      ...this.readings.heads.flatMap(({ frame }) => [...frame.nearest.keys()]),
    ])
    this.index.rebuild(live)
    this.#rebuildAt = Math.max(fewBoundaries, 2 * live.size)
  }
}

function fromBlock(block: Block, more: Uint8Array): Uint8Array {
  const octets = new Uint8Array(block.length + more.length)
  octets.set(block.octets())
  octets.set(more, block.length)
  return octets
}
