/**
 * Text in header fields made readable: folding, encoded words (RFC 2047), raw UTF-8 (RFC 6532). Encoded
 * words are decoded wherever they stand, as clients do, also where RFC 2047 §5 forbids them.
 */
import { decodeBase64Text } from './base64.ts'
import { unfold } from './fields.ts'
import { fromOctetString, readable } from './octets.ts'

/** An encoded word; RFC 2231 §5 adds a language behind the charset. */
const encodedWord = /=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([BbQq])\?([^?]*)\?=/g

/** A field's value, or any text from a header, as a person reads it. */
export function decodeText(raw: string): string {
  return decodeWords(readable(unfold(raw))).trim()
}

/** Decodes encoded words and leaves everything else of a readable text. */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text
  let result = ''
  let at = 0
  let pending: { charset: string; octets: string } | undefined
  const flush = () => {
    if (pending !== undefined) result += decodeCharset(pending.octets, pending.charset)
    pending = undefined
  }
  for (const match of text.matchAll(encodedWord)) {
    const [whole, charset = '', encoding = '', payload = ''] = match
    const between = text.slice(at, match.index)
    // RFC 2047 §6.2: white space between adjacent encoded words is ignored.
    const joined = pending !== undefined && /^\s*$/.test(between)
    if (!joined) {
      flush()
      result += between
    }
    const octets = /[bB]/.test(encoding) ? decodeBase64Text(payload) : decodeQ(payload)
    // Words that cut a character in two are joined before they are decoded, as clients do.
    if (pending?.charset === charset.toLowerCase()) pending.octets += octets
    else {
      flush()
      pending = { charset: charset.toLowerCase(), octets }
    }
    at = match.index + whole.length
  }
  flush()
  return result + text.slice(at)
}

/** RFC 2047 §4.2. */
function decodeQ(payload: string): string {
  return payload.replace(/_/g, ' ').replace(/=([0-9A-Fa-f]{2})/g, hexPair)
}

/** `%XX` undone (RFC 2231 §4); what is no escape stays. */
export function decodePercent(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, hexPair)
}

const hexPair = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))

/** An octet string in a named charset; an unknown charset is read as what it looks like. */
export function decodeCharset(octets: string, charset: string): string {
  const label = charset.toLowerCase().trim()
  if (label === '' || label === 'utf-8' || label === 'utf8' || label === 'us-ascii') return readable(octets)
  if (label === 'utf-7' || label === 'unicode-1-1-utf-7') return decodeUtf7(octets)
  try {
    return new TextDecoder(label).decode(fromOctetString(octets))
  } catch {
    return readable(octets)
  }
}

/** RFC 2152. No library knows it, and some clients still do. */
function decodeUtf7(octets: string): string {
  return octets.replace(/\+([A-Za-z0-9+/]*)-?/g, (_, encoded: string) => {
    if (encoded === '') return '+'
    const units = decodeBase64Text(encoded)
    let text = ''
    for (let at = 0; at + 1 < units.length; at += 2)
      text += String.fromCharCode(units.charCodeAt(at) * 256 + units.charCodeAt(at + 1))
    return text
  })
}
