/** A reading under way: which container it is in, and what it takes the present octets for. */
import { isIdentity } from './encodings.ts'
import type { Frame } from './frames.ts'
import type { Block } from './header-lines.ts'
import type { Draft, PlacedDoubt } from './parts.ts'
import type { AmbiguityReason } from './types.ts'

export type Place =
  | {
      readonly kind: 'header'
      readonly block: Block
      /** A message only if a field comes soon; none was there so far. */
      readonly tentative: boolean
      /** Kinds of odd lines at which this header was split already. */
      readonly splits: ReadonlySet<AmbiguityReason>
    }
  | { readonly kind: 'leaf'; readonly draft: Draft }
  /** Before the first boundary line of a multipart, or behind the closing one. */
  | { readonly kind: 'gap' }

export interface Head {
  readonly primary: boolean
  readonly frame: Frame
  readonly place: Place
  /** Where in the message the place began. */
  readonly from: number
  /** Why it is not the common reading; empty for that one. */
  readonly doubts: readonly PlacedDoubt[]
  /** Odd boundary lines that it takes for good ones. */
  readonly habits: ReadonlySet<AmbiguityReason>
  /** It does not see boundary lines of frames at this depth or outside while an inner one is open; -1: sees all. */
  readonly deaf: number
}

/** Heads with the same state go on in the same way: one of them is enough. */
export function stateOf({ frame, place, deaf }: Head): string {
  return `${frame.key} ${deaf} ${placeState(place)}`
}

function placeState(place: Place): string {
  switch (place.kind) {
    case 'header':
      return `header ${place.block.start} ${place.tentative}`
    case 'leaf': {
      const { bodyStart, encoding, declaredType, inner } = place.draft
      return `leaf ${bodyStart} ${isIdentity(encoding) ? '' : encoding} ${declaredType} ${inner ?? '-'}`
    }
    case 'gap':
      return 'gap'
  }
}
