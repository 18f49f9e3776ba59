/**
 * The kinds of text that settings are written in: how each is read, and what is said when it cannot
 * be. The schema names a kind, the validator asks here, and the compiler reads the same text again.
 */
import { parseListen, parsePeer, peerExpects } from './addresses.ts'
import {
  parseAuto,
  parseDenyMessage,
  parseMediaType,
  parseRegex,
  parseScannerAddress,
  parseTag,
  parseTrait,
  parseWildcard,
} from './content-values.ts'
import { parseUpstream, upstreamExpects } from './upstream.ts'

/** What reading one value comes to. The message is a sentence without its first capital and last stop. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string }

/** Longest duration: timers of JavaScript hold 2^31 - 1 milliseconds, and fire at once beyond. */
const longestDuration = 24 * 86_400_000
/** Largest size: a buffer this large for one message is already more than any mail server takes. */
const largestSize = 2 ** 30
/** Longest name: it stands in every log record. */
const longestName = 100
/** Longest path that Linux opens (PATH_MAX). */
const longestPath = 4096

const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}
const sizeUnits: Readonly<Record<string, number>> = { '': 1, B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** A number and a unit, such as `250ms`, `90s`, `10m`, `1h`, `1d`; in milliseconds. */
export function parseDuration(text: string): Parsed<number> {
  const [, digits = '', unit = ''] = /^(\d{1,12})\s?([a-z]{1,12})$/i.exec(text) ?? []
  const factor = durationUnits[unit]
  if (factor === undefined || !Object.hasOwn(durationUnits, unit))
    return {
      ok: false,
      message: `${JSON.stringify(text)} is not a duration; expected ${kinds.duration.expects}`,
    }
  const value = Number(digits) * factor
  if (value < 1) return { ok: false, message: `${JSON.stringify(text)} is no time at all; the least is 1ms` }
  if (value > longestDuration)
    return { ok: false, message: `${JSON.stringify(text)} is too long; the most is 24d` }
  return { ok: true, value }
}

/** Octets: a whole number, alone or with `KiB`, `MiB`, `GiB`. */
export function parseSize(given: string | number): Parsed<number> {
  const text = String(given)
  const [, digits = '', unit = '?'] = /^(\d{1,12})\s?([a-z]{0,12})$/i.exec(text) ?? []
  const factor = Object.hasOwn(sizeUnits, unit) ? sizeUnits[unit] : undefined
  if (factor === undefined)
    return { ok: false, message: `${JSON.stringify(given)} is not a size; expected ${kinds.size.expects}` }
  const value = Number(digits) * factor
  if (value > largestSize)
    return { ok: false, message: `${JSON.stringify(given)} is too much; the most is 1GiB` }
  return { ok: true, value }
}

function parseName(text: string): Parsed<string> {
  if (text.trim() === '') return { ok: false, message: 'the name is empty' }
  if (text !== text.trim())
    return { ok: false, message: `the name ${JSON.stringify(text)} begins or ends with a space` }
  if (/[\x00-\x1f\x7f]/.test(text))
    return { ok: false, message: `the name ${JSON.stringify(text)} holds a control character` }
  if (text.length > longestName)
    return { ok: false, message: `the name is ${text.length} characters long; the most is ${longestName}` }
  return { ok: true, value: text }
}

function parseFile(text: string): Parsed<string> {
  if (text.trim() === '') return { ok: false, message: 'the path is empty' }
  if (/[\x00-\x1f]/.test(text))
    return { ok: false, message: `the path ${JSON.stringify(text)} holds a control character` }
  if (text.length > longestPath)
    return { ok: false, message: `the path is ${text.length} characters long; the most is ${longestPath}` }
  return { ok: true, value: text }
}

/** A server name with `*` and `?`, as TLS rules match it. Server names arrive in ASCII (RFC 6066 §3). */
function parseServerName(text: string): Parsed<string> {
  if (/^[a-z0-9._*?-]{1,255}$/i.test(text)) return { ok: true, value: text }
  const remedy = /[^\x00-\x7f]/.test(text)
    ? 'international names arrive in their xn-- form: write that'
    : `expected ${kinds.serverName.expects}`
  return { ok: false, message: `${JSON.stringify(text.slice(0, 80))} can match no server name; ${remedy}` }
}

interface Kind {
  /** Ends the sentence "expected …". */
  readonly expects: string
  readonly parse: (value: string) => Parsed<unknown>
}

export const kinds = {
  duration: { expects: 'a number with a unit such as 250ms, 90s, 10m, 1h or 1d', parse: parseDuration },
  size: { expects: 'octets such as 65536, 64KiB or 1MiB', parse: parseSize },
  name: { expects: 'a name', parse: parseName },
  file: { expects: 'the path of a file', parse: parseFile },
  directory: { expects: 'the path of a directory', parse: parseFile },
  listen: { expects: 'an address of this machine such as 0.0.0.0', parse: parseListen },
  peer: { expects: peerExpects, parse: parsePeer },
  upstream: { expects: upstreamExpects, parse: parseUpstream },
  serverName: {
    expects: 'a server name such as "mail.example.net" or "*.example.net"',
    parse: parseServerName,
  },
  auto: { expects: 'auto, true or false', parse: parseAuto },
  wildcard: { expects: 'text, in which "*" and "?" stand for others', parse: parseWildcard },
  mediaType: {
    expects: 'a content type such as application/pdf or image/*, or unknown',
    parse: parseMediaType,
  },
  regex: { expects: 'a regular expression', parse: parseRegex },
  trait: { expects: 'a trait such as executable', parse: parseTrait },
  tag: { expects: 'a few words such as [suspicious]', parse: parseTag },
  denyMessage: { expects: 'text', parse: parseDenyMessage },
  scannerAddress: {
    expects: 'unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310',
    parse: parseScannerAddress,
  },
} as const satisfies Readonly<Record<string, Kind>>

export type KindName = keyof typeof kinds

/**
 * The value of a text that the validator has passed.
 *
 * @throws TypeError when it has not: that is a fault of ours
 */
export function validated<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value
  throw new TypeError(`configuration was not validated: ${parsed.message}`)
}
