/**
 * Writes a message anew, in the one form that every client reads alike: for mail whose own structure is
 * read in more than one way. Every part is base64, so that nothing in it can look like structure.
 */

import { isStrictField } from './fields.ts'
import { fromOctetString } from './octets.ts'
import type { Field } from './types.ts'

/** A part that was chosen to stay, with its decoded content. */
export interface SafePart {
  /** `type/subtype`. */
  readonly type: string
  readonly charset?: string
  readonly fileName?: string
  readonly disposition: 'inline' | 'attachment'
  readonly contentId?: string
  readonly octets: Uint8Array
}

/** No base64 holds `=_` or a hyphen, so no line of a body can be a boundary line. */
const boundary = '=_Postern'

const crlf = '\r\n'
/** RFC 2045 §6.8: lines of at most 76 characters. */
const octetsInLine = 57

/**
 * @param headers of the message as it came; those about content are left out, the others are cleaned
 * @returns the message in pieces
 */
export function rewriteMessage(headers: readonly Field[], parts: readonly SafePart[]): Uint8Array[] {
  const kept = headers
    .filter(({ name }) => isStrictField(`${name}:`) && !/^(?:content-|mime-version$)/i.test(name))
    .map(({ name, value }) => `${name}:${cleanValue(value)}${crlf}`)
  const own = ['MIME-Version: 1.0', `Content-Type: multipart/mixed; boundary="${boundary}"`, '', ''].join(
    crlf,
  )
  const pieces = [fromOctetString(kept.join('') + own)]
  for (const part of parts)
    pieces.push(fromOctetString(`--${boundary}${crlf}${partHeader(part)}${crlf}`), encodeBase64(part.octets))
  pieces.push(fromOctetString(`--${boundary}--${crlf}`))
  return pieces
}

/** The value on lines that all fold alike, without octets that some clients take for line ends or the end. */
function cleanValue(value: string): string {
  const lines = value
    .split(/\r?\n/)
    .map((line) => line.replace(/[\r\0]/g, ''))
    .filter((line) => line.trim() !== '')
  return lines.map((line, index) => (index === 0 || /^[ \t]/.test(line) ? line : ` ${line}`)).join(crlf)
}

const token = /^[a-z0-9!#$&^_.+-]+$/i

function partHeader({ type, charset, fileName, disposition, contentId }: SafePart): string {
  const [main = '', sub = '', ...more] = type.split('/')
  const good =
    token.test(main) && token.test(sub) && more.length === 0 && !/^(?:multipart|message)$/i.test(main)
  const charsetParameter = charset !== undefined && token.test(charset) ? `; charset=${charset}` : ''
  const lines = [
    `Content-Type: ${good ? type : 'application/octet-stream'}${charsetParameter}`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: ${disposition}${fileName === undefined ? '' : nameParameter(fileName)}`,
  ]
  if (contentId !== undefined && /^[\x21-\x7e]+$/.test(contentId)) lines.push(`Content-ID: <${contentId}>`)
  return lines.map((line) => line + crlf).join('')
}

const utf8 = new TextEncoder()

/** In the plain form where that is enough, else as RFC 2231 §4 has it; on lines of their own. */
function nameParameter(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name) && !/["\\]/.test(name)) return `;${crlf} filename="${name}"`
  const encoded = Array.from(utf8.encode(name), (octet) => {
    const char = String.fromCharCode(octet)
    return /[A-Za-z0-9._-]/.test(char) ? char : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`
  })
  return `;${crlf} filename*=utf-8''${encoded.join('')}`
}

const alphabet = fromOctetString('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
const [pad, cr, lf] = [0x3d, 0x0d, 0x0a]

/** base64 in lines with CRLF (RFC 2045 §6.8). */
export function encodeBase64(octets: Uint8Array): Uint8Array {
  const lines = Math.max(1, Math.ceil(octets.length / octetsInLine))
  const output = new Uint8Array(Math.ceil(octets.length / 3) * 4 + lines * 2)
  let at = 0
  const write = (octet: number) => {
    output[at] = octet
    at += 1
  }
  const letter = (bits: number) => write(alphabet[bits & 63] ?? pad)
  for (let start = 0; start < octets.length; start += 3) {
    const [a = 0, b, c] = [octets[start], octets[start + 1], octets[start + 2]]
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    letter(bits >> 18)
    letter(bits >> 12)
    if (b === undefined) write(pad)
    else letter(bits >> 6)
    if (c === undefined) write(pad)
    else letter(bits)
    if ((start + 3) % octetsInLine === 0 || start + 3 >= octets.length) {
      write(cr)
      write(lf)
    }
  }
  return octets.length === 0 ? fromOctetString(crlf) : output
}
