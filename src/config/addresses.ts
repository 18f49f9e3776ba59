/**
 * Addresses as administrators write them in `from`, `to` and `listen`: one address, a network, a
 * range. Everything becomes a span between two addresses of one family, so that matching is two
 * comparisons. IPv4 in IPv6 clothes (`::ffff:10.0.0.1`) counts as IPv4 on both sides.
 */
import ipaddr from 'ipaddr.js'
import type { Parsed } from './values.ts'

/**
 * First and last address, both included, as comparable text: the family's digit, then the octets in
 * hexadecimal. Spans of different families never touch.
 */
export interface Span {
  readonly low: string
  readonly high: string
}

export const peerExpects =
  'any, an address such as 10.1.2.3, a network such as 10.0.0.0/8 or a range such as 10.0.0.5-10.0.0.9'

const everything: Span = { low: '', high: '~' }

/** One entry of `from` or `to`. Names are refused: what a name means changes while connections come in. */
export function parsePeer(text: string): Parsed<Span> {
  if (text === 'any') return { ok: true, value: everything }
  if (text.includes('/')) return parseNetwork(text)
  if (text.includes('-')) return parseRange(text)
  const address = key(text)
  if (address !== undefined) return { ok: true, value: { low: address, high: address } }
  return { ok: false, message: `${JSON.stringify(text)} is not an address; expected ${peerExpects}` }
}

/** An address to listen on, in its usual spelling. */
export function parseListen(text: string): Parsed<string> {
  const address = read(text)
  if (address !== undefined) return { ok: true, value: address.toString() }
  const remedy =
    text === '*'
      ? 'write "0.0.0.0" for all IPv4 addresses, "::" for all IPv6 ones'
      : text === 'localhost'
        ? 'write 127.0.0.1 or "::1"'
        : 'expected an address of this machine such as 0.0.0.0, 127.0.0.1 or "::1"; ports stand in "ports"'
  return { ok: false, message: `${JSON.stringify(text)} is not an address: ${remedy}` }
}

/**
 * Compiles the entries of `from` or `to`.
 *
 * @returns whether an address (text of an IPv4 or IPv6 address, a zone is ignored) is in one of the spans;
 * `any` also takes what is no address
 */
export function matcher(spans: readonly Span[]): (address: string) => boolean {
  if (spans.some(isEverything)) return () => true
  return (address) => {
    const at = key(address.replace(/%.*$/, ''))
    return at !== undefined && spans.some(({ low, high }) => low <= at && at <= high)
  }
}

export function isEverything(span: Span): boolean {
  return span.low === '' && span.high === '~'
}

function parseNetwork(text: string): Parsed<Span> {
  const [base = '', length = '', ...more] = text.split('/')
  const address = read(base, false)
  if (address === undefined || more.length > 0)
    return { ok: false, message: `${JSON.stringify(text)} is not a network; expected one such as 10.0.0.0/8` }
  const octets = address.toByteArray()
  const bits = octets.length * 8
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  if (!(prefix <= bits))
    return {
      ok: false,
      message: `${JSON.stringify(text)} is not a network: after the "/" stands a number of bits from 0 to ${bits}`,
    }
  const low = octets.map((octet, index) => octet & mask(prefix, index))
  const high = octets.map((octet, index) => octet | (~mask(prefix, index) & 255))
  if (low.some((octet, index) => octet !== octets[index]))
    return {
      ok: false,
      message: `${JSON.stringify(text)} has bits beyond its prefix: write ${ipaddr.fromByteArray(low).toString()}/${prefix} for the network or ${base} for the one address`,
    }
  // A network that reaches beyond the mapped addresses is one of IPv6, though its ends may look mapped.
  const write = prefix < 96 ? plainKey : keyOf
  return { ok: true, value: { low: write(low), high: write(high) } }
}

function parseRange(text: string): Parsed<Span> {
  const [first = '', last = '', ...more] = text.split('-').map((end) => end.trim())
  const low = key(first)
  const high = key(last)
  if (low === undefined || high === undefined || more.length > 0)
    return {
      ok: false,
      message: `${JSON.stringify(text)} is not a range; expected two addresses such as 10.0.0.5-10.0.0.9`,
    }
  if (low.charAt(0) !== high.charAt(0))
    return { ok: false, message: `${JSON.stringify(text)} mixes IPv4 and IPv6 in one range` }
  if (low > high)
    return { ok: false, message: `${JSON.stringify(text)} runs backwards: write ${last}-${first}` }
  return { ok: true, value: { low, high } }
}

/** Bits of one octet that belong to the prefix. */
function mask(prefix: number, index: number): number {
  const bits = Math.min(8, Math.max(0, prefix - index * 8))
  return (0xff00 >> bits) & 255
}

function key(text: string): string | undefined {
  const address = read(text)
  return address === undefined ? undefined : keyOf(address.toByteArray())
}

/** IPv4 only as four decimal numbers: `10.1` and `010.0.0.1` mean different things to different programs. */
function read(text: string, unmap = true): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  if (text.includes('%') || !text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined
  return unmap ? ipaddr.process(text) : ipaddr.IPv6.parse(text)
}

function keyOf(octets: readonly number[]): string {
  const mapped = octets.length === 16 && octets.slice(0, 10).every((o) => o === 0) && octets[10] === 255
  return plainKey(mapped && octets[11] === 255 ? octets.slice(12) : octets)
}

function plainKey(octets: readonly number[]): string {
  const digits = octets.map((octet) => octet.toString(16).padStart(2, '0')).join('')
  return (octets.length === 4 ? '4' : '6') + digits
}
