/** The encoding out of a Content-Transfer-Encoding field (RFC 2045 §6.1), also where it is odd. */
import { unfold } from './fields.ts'
import type { AmbiguityReason, Encoding } from './types.ts'

export interface EncodingReading {
  readonly encoding: Encoding
  /** Why there is more than one reading; on each of them. */
  readonly doubt: AmbiguityReason | undefined
}

const known: ReadonlyMap<string, Encoding> = new Map<string, Encoding>([
  ['7bit', '7bit'],
  ['8bit', '8bit'],
  ['binary', 'binary'],
  ['quoted-printable', 'quoted-printable'],
  ['base64', 'base64'],
  ['x-uuencode', 'uuencode'],
  ['x-uue', 'uuencode'],
  ['uuencode', 'uuencode'],
  ['uue', 'uuencode'],
  ['x-yencode', 'yenc'],
  ['x-yenc', 'yenc'],
  ['binhex', 'binhex'],
  ['x-binhex', 'binhex'],
  ['x-binhex40', 'binhex'],
  ['mac-binhex40', 'binhex'],
])

/** Names that careless mailers write for "as it is"; no client decodes anything for them. */
const harmless =
  /^(?:|none|plain|text|text\/plain|7-?bits?|8-?bits?|binary|(?:us-?)?ascii|utf-?8|iso-?8859-?\d{1,2}|windows-?125\d)$/

/** What a client may be looking for inside an odd value. */
const hints: readonly [RegExp, Encoding][] = [
  [/b(?:ase)?[-_ ]?64/, 'base64'],
  [/quoted|printable|^q$|qp/, 'quoted-printable'],
  [/uu/, 'uuencode'],
  [/yenc/, 'yenc'],
  [/binhex|hqx/, 'binhex'],
]

/** Every encoding that some client takes from the value, most likely first. */
export function readEncodings(value: string): EncodingReading[] {
  const written = unfold(value).trim()
  const lower = written.toLowerCase()
  const encoding = known.get(lower)
  if (encoding !== undefined) {
    if (isIdentity(encoding) || usualCase(written)) return [{ encoding, doubt: undefined }]
    return [encoding, '7bit' as const].map((each) => ({ encoding: each, doubt: 'encoding-odd' }))
  }
  const bare = lower.replace(/;+$/, '').trim()
  if (harmless.test(bare)) return [{ encoding: 'unknown', doubt: undefined }]
  const hinted = hints.filter(([hint]) => hint.test(lower)).map(([, each]) => each)
  if (hinted.length > 0)
    return [...hinted, 'unknown' as const].map((each) => ({ encoding: each, doubt: 'encoding-odd' }))
  // RFC 2045 §6.4: an unknown encoding is taken as it stands; some clients guess.
  const guesses: Encoding[] = ['unknown', 'base64', 'quoted-printable', 'uuencode']
  return guesses.map((each) => ({ encoding: each, doubt: 'encoding-unknown' }))
}

/** Whether the content is the body as it stands. */
export function isIdentity(encoding: Encoding): boolean {
  return encoding === '7bit' || encoding === '8bit' || encoding === 'binary' || encoding === 'unknown'
}

/** `base64`, `BASE64`, `Base64`, `Quoted-Printable`: what mailers write. */
function usualCase(written: string): boolean {
  return /^(?:[^A-Z]*|[^a-z]*|[A-Z]?[^A-Z]*(?:-[A-Z]?[^A-Z]*)*)$/.test(written)
}
