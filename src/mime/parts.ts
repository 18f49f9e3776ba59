/** The book of what was found: parts, ambiguities, limits and marks, each once, with bounds. */
import { isIdentity } from './encodings.ts'
import type { AsContent, Doubt, Entity, Interpretation } from './entity.ts'
import type { Limits } from './limits.ts'
import { marksOf } from './marks.ts'
import type {
  Ambiguity,
  AmbiguityReason,
  LimitExceeded,
  LimitName,
  Mark,
  MarkKind,
  Part,
  PartHead,
  PartKind,
} from './types.ts'

/** A part on its way into the book: its end is set when it is known. */
export interface Draft extends PartHead {
  end: number | undefined
  /** The container's draft. */
  readonly holder: Draft | undefined
  readonly asContent: AsContent | undefined
  recorded: boolean
}

/** A doubt of a header or of a line, with the part that it is about. */
export interface PlacedDoubt extends Doubt {
  readonly part: string | undefined
  /** Tells nothing new when the further part is plain text. */
  readonly soft: boolean
}

/** Octets of further parts for each octet of the message, so that reading them again stays linear. */
const alternativeFactor = 8
/** Small messages may have this much of it at least. */
const alternativeFloor = 1 << 20

export class Book {
  readonly #limits: Limits
  readonly #drafts: Draft[] = []
  readonly #keys = new Set<string>()
  readonly #ambiguities = new Map<string, Ambiguity>()
  readonly #exceeded = new Map<LimitName, LimitExceeded>()
  readonly #marks = new Map<string, Mark>()
  #commonParts = 0
  #alternatives = 0
  #alternativeOctets = 0
  #further = 0
  #found = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** A draft of a container or leaf under one interpretation of its header. */
  draft(
    kind: PartKind,
    entity: Entity,
    interpretation: Interpretation,
    place: { id: string; holder: Draft | undefined; start: number; bodyStart: number },
    alternative: AmbiguityReason | undefined,
  ): Draft {
    return {
      ...{ id: place.id, parent: place.holder?.id, depth: (place.holder?.depth ?? -1) + 1, kind },
      ...{ start: place.start, bodyStart: place.bodyStart, end: undefined },
      ...{ declaredType: interpretation.type, parameters: interpretation.parameters },
      ...{ encoding: interpretation.encoding, fileNames: entity.fileNames, disposition: entity.disposition },
      ...{ contentId: entity.contentId, headers: entity.fields, alternative },
      ...{ streamed: kind === 'leaf' && alternative === undefined, inner: interpretation.inner },
      ...{ holder: place.holder, asContent: interpretation.asContent, recorded: false },
    }
  }

  /** A part of the common reading begins. `false`: there are too many. */
  begin(draft: Draft): boolean {
    if (this.#commonParts >= this.#limits.parts) {
      this.exceed('parts', undefined)
      return false
    }
    this.#commonParts += 1
    this.#record(draft)
    return true
  }

  /** The end of a part of the common reading. */
  end(draft: Draft, end: number): void {
    draft.end ??= end
    if (draft.kind === 'leaf') this.#keys.add(keyOf(draft, draft.end))
  }

  /** A leaf of a further reading, at its end. Kept only when no reading before has the same. `false`: too many. */
  alternative(draft: Draft, end: number, doubts: readonly PlacedDoubt[], size: number): boolean {
    const key = keyOf(draft, end)
    if (this.#keys.has(key) || isBlank(draft.start, end)) return true
    const plain = isIdentity(draft.encoding) && /^(?:text\/.*)?$/.test(draft.declaredType)
    if (plain && doubts.every(({ soft }) => soft)) return true
    this.#alternativeOctets += end - draft.bodyStart
    const tooMuch = this.#alternativeOctets > alternativeFactor * size + alternativeFloor
    if (this.#alternatives >= this.#limits.alternatives || tooMuch) {
      this.exceed('alternatives', undefined)
      return false
    }
    this.#alternatives += 1
    this.#keys.add(key)
    const further: Draft = {
      ...draft,
      ...{
        id: draft.recorded || draft.alternative === undefined ? this.otherId(draft.id, '~') : draft.id,
        end,
      },
      ...{ alternative: doubts[doubts.length - 1]?.reason, streamed: false, recorded: false },
    }
    for (let holder = draft.holder; holder !== undefined; holder = holder.holder)
      if (!holder.recorded) this.#record(holder)
    draft.recorded = true
    this.#record(further)
    for (const doubt of doubts) this.doubt(doubt.reason, doubt.part, doubt.detail)
    return true
  }

  /** Something inside the text of another part. `false`: too many. */
  embedded(draft: Draft): boolean {
    if (this.#found > this.#limits.embedded) {
      this.exceed('embedded', undefined)
      return false
    }
    this.#record(draft)
    return true
  }

  #record(draft: Draft): void {
    draft.recorded = true
    this.#drafts.push(draft)
    for (const kind of marksOf(draft.declaredType, draft.parameters, draft.fileNames))
      this.mark(kind, draft.id)
  }

  /** An id that no other part has: beside (`~`) or inside (`+`) another. */
  otherId(base: string, sign: '~' | '+'): string {
    if (sign === '~') this.#further += 1
    else this.#found += 1
    return `${base}${sign}${sign === '~' ? this.#further : this.#found}`
  }

  doubt(reason: AmbiguityReason, part: string | undefined, detail: string): void {
    const key = `${reason} ${part}`
    if (this.#ambiguities.size < this.#limits.alternatives && !this.#ambiguities.has(key))
      this.#ambiguities.set(key, { reason, part, detail })
  }

  exceed(limit: LimitName, part: string | undefined): void {
    if (!this.#exceeded.has(limit)) this.#exceeded.set(limit, { limit, part })
  }

  mark(kind: MarkKind, part: string | undefined): void {
    this.#marks.set(`${kind} ${part}`, { kind, part })
  }

  /** What the finder adds comes at times that hang on the chunking: so it is put last, and the rest in order. */
  ambiguities(): Ambiguity[] {
    const all = [...this.#ambiguities.values()]
    const late = ({ reason }: Ambiguity) => reason === 'parts-in-preamble' || reason === 'parts-in-epilogue'
    return [...all.filter((each) => !late(each)), ...all.filter(late)]
  }

  limits(): LimitExceeded[] {
    return [...this.#exceeded.values()].sort((a, b) => compare(a.limit, b.limit))
  }

  marks(): Mark[] {
    return [...this.#marks].sort(([a], [b]) => compare(a, b)).map(([, mark]) => mark)
  }

  /** All parts in the order in which they begin; what is still open ends with the message. */
  parts(size: number): Part[] {
    return this.#drafts
      .map((draft, order) => ({ part: finished(draft, draft.end ?? size), order }))
      .sort((a, b) => a.part.start - b.part.start || rank(a.part) - rank(b.part) || a.order - b.order)
      .map(({ part }) => part)
  }
}

/** What is found inside a part comes behind it. */
const rank = ({ kind }: PartHead) => (kind === 'embedded' ? 1 : 0)

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** The part without what only the book needs. */
export function finished(draft: Draft, end: number): Part {
  const { holder: _holder, asContent: _asContent, recorded: _recorded, ...part } = draft
  return { ...part, end }
}

/** Two line ends at most: too short for a header, and for any content. */
export function isBlank(start: number, end: number): boolean {
  return end - start <= 4
}

function keyOf(draft: Draft, end: number): string {
  const encoding = isIdentity(draft.encoding) ? '' : draft.encoding
  const type = draft.declaredType === '' ? 'text/plain' : draft.declaredType
  return `${draft.bodyStart} ${end} ${encoding} ${type} ${draft.inner ?? '-'}`
}
