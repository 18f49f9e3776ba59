/** Whether a line is a boundary line (RFC 2046 §5.1.1), for strict clients and for lenient ones. */
import type { BoundaryIndex } from './boundaries.ts'
import type { Limits } from './limits.ts'
import type { AmbiguityReason } from './types.ts'
import type { Window } from './window.ts'

export interface Match {
  readonly boundary: string
  readonly form: 'open' | 'close'
  /** What the common reading takes for a boundary line. */
  readonly strict: boolean
  /** Why clients disagree about it. */
  readonly doubt: AmbiguityReason | undefined
  /** Place behind the line. */
  readonly next: number
}

export type LineReading =
  | { readonly kind: 'none' }
  /** The rest of the line has to come first. */
  | { readonly kind: 'more' }
  /** Begins like a boundary line and does not end. */
  | { readonly kind: 'too-long' }
  | { readonly kind: 'matches'; readonly matches: readonly Match[] }

const [lf, cr, sp, tab, dash] = [0x0a, 0x0d, 0x20, 0x09, 0x2d]
const none: LineReading = { kind: 'none' }
const more: LineReading = { kind: 'more' }

/**
 * @param place of the first of the two hyphens
 * @param before what stands before them, when it is not the line end that RFC 2046 wants
 * @param final no more octets will come
 */
export function readDelimiter(
  window: Window,
  place: number,
  before: AmbiguityReason | undefined,
  index: BoundaryIndex,
  limits: Limits,
  final: boolean,
): LineReading {
  const { end } = window
  if (place + 1 >= end) return final ? none : more
  if (window.octet(place + 1) !== dash) return none
  const text = place + 2
  const { found, open } = index.walk((distance) =>
    text + distance < end ? window.octet(text + distance) : undefined,
  )
  if (open && !final) return more
  if (found.length === 0) return none
  const matches: Match[] = []
  for (const boundary of found) {
    const ending = readEnding(window, text + boundary.length, limits, final)
    if (ending === 'more') return more
    if (ending === 'too-long') return { kind: 'too-long' }
    const sameCase = equals(window, text, boundary)
    const doubt = before ?? (sameCase ? ending.doubt : 'boundary-look-alike')
    const strict = before === undefined && sameCase && ending.clean
    // Who takes an odd line for a boundary line sees a part behind it; who sees an end there sees less.
    matches.push({ boundary, form: strict ? ending.form : 'open', strict, doubt, next: ending.next })
  }
  return { kind: 'matches', matches }
}

function equals(window: Window, place: number, text: string): boolean {
  for (let at = 0; at < text.length; at += 1)
    if (window.octet(place + at) !== text.charCodeAt(at)) return false
  return true
}

interface Ending {
  readonly form: 'open' | 'close'
  readonly clean: boolean
  readonly doubt: AmbiguityReason | undefined
  readonly next: number
}

/** What stands behind a boundary: nothing, or two hyphens; then blanks; then the line end. */
function readEnding(
  window: Window,
  place: number,
  limits: Limits,
  final: boolean,
): Ending | 'more' | 'too-long' {
  const { end } = window
  const last = Math.min(end, place + limits.delimiterPadding)
  const short = last === end ? (final ? undefined : 'more') : 'too-long'
  const closes = window.octet(place) === dash && window.octet(place + 1) === dash && place + 1 < end
  const form = closes ? 'close' : 'open'
  let at = closes ? place + 2 : place
  while (at < last && (window.octet(at) === sp || window.octet(at) === tab)) at += 1
  let returns = 0
  while (at < last && window.octet(at) === cr) {
    at += 1
    returns += 1
  }
  if (at >= last) return short ?? { form, clean: true, doubt: undefined, next: end }
  if (window.octet(at) === lf)
    return { form, clean: true, doubt: returns > 1 ? 'bare-cr' : undefined, next: at + 1 }
  if (returns > 0) return { form, clean: false, doubt: 'bare-cr', next: at }
  const lineEnd = window.find(lf, at)
  if (lineEnd >= 0 && lineEnd < last)
    return { form, clean: false, doubt: 'boundary-look-alike', next: lineEnd + 1 }
  return short ?? { form, clean: false, doubt: 'boundary-look-alike', next: end }
}
