/** Text as mail carries it: quoted-printable bodies, encoded words, folded lines. What leaves is ASCII. */
import { isPlain } from './safe-text.ts'

/** RFC 2045 §6.7: encoded lines MUST NOT be longer than 76 characters. */
const longestEncodedLine = 76
/** RFC 5322 §2.1.1: lines SHOULD be no more than 78 characters; two are left for what stands around. */
const usualLine = 76
/** RFC 5322 §2.1.1: lines MUST be no more than 998 characters. */
const longestLine = 998

export interface EncodedBody {
  readonly encoding: '7bit' | '8bit' | 'quoted-printable'
  /** Lines end in CRLF, the last one too. */
  readonly body: string
}

/** @param utf8 whether 8-bit text may leave (RFC 6856 UTF8 mode) */
export function encodeBody(text: string, utf8: boolean): EncodedBody {
  const lines = text
    .replace(/(\r?\n)*$/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => line.trimEnd())
  const joined = (all: readonly string[]) => all.map((line) => `${line}\r\n`).join('')
  if (lines.every((line) => isPlain(line) && line.length <= usualLine))
    return { encoding: '7bit', body: joined(lines) }
  // At most four octets for each unit of two.
  if (utf8 && lines.every((line) => line.length * 3 <= longestLine))
    return { encoding: '8bit', body: joined(lines) }
  return { encoding: 'quoted-printable', body: joined(lines.map(quotedPrintable)) }
}

/** RFC 2045 §6.7 for one line without blanks at its end; soft line breaks are put in. */
function quotedPrintable(line: string): string {
  let out = ''
  let width = 0
  for (const octet of new TextEncoder().encode(line)) {
    const plain = octet >= 0x20 && octet <= 0x7e && octet !== 0x3d
    const piece = plain ? String.fromCharCode(octet) : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`
    if (width + piece.length > longestEncodedLine - 1) {
      // A blank before a soft line break is no blank at the end of a line: the "=" follows it.
      out += '=\r\n'
      width = 0
    }
    out += piece
    width += piece.length
  }
  return out
}

/**
 * Free text as a header's value, folded. Plain ASCII stays; the rest becomes encoded words.
 *
 * @param text one line, as `oneLine` makes it
 * @param column characters already on the line
 */
export function headerText(text: string, utf8: boolean, column: number): string {
  // What looks like an encoded word would be decoded once more by whoever reads it.
  const asItIs = !text.includes('=?') && (isPlain(text) || utf8)
  if (asItIs) {
    const folded = fold(text, column)
    if (folded !== undefined) return folded
  }
  return encodedWords(text).join('\r\n ')
}

/** RFC 2047 §2: an encoded word MUST NOT be longer than 75 characters; §5: none MUST split a character. */
function encodedWords(text: string): string[] {
  const words: string[] = []
  const open = '=?utf-8?B?'
  // Of 75 characters 12 are the frame; 63 hold 15 groups of four, which are 45 octets.
  const most = 45
  let chunk: number[] = []
  const close = () => {
    if (chunk.length > 0) words.push(`${open}${base64(chunk)}?=`)
    chunk = []
  }
  for (const character of text) {
    const octets = new TextEncoder().encode(character)
    if (chunk.length + octets.length > most) close()
    chunk.push(...octets)
  }
  close()
  return words
}

/**
 * Breaks a header's value at its blanks (RFC 5322 §2.2.3). `undefined` when one piece is longer than any
 * line may be.
 */
export function fold(text: string, column: number): string | undefined {
  let width = column
  let out = ''
  for (const piece of text.split(/(?<=\S)(?=[ \t]+\S)/)) {
    // In octets no more than four for each unit of two.
    if (piece.length * (isPlain(piece) ? 1 : 3) > longestLine - column) return undefined
    if (width + piece.length > usualLine && out !== '') {
      out += '\r\n'
      width = 0
    }
    out += piece
    width += piece.length
  }
  return out
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** RFC 4648 §4. */
export function base64(octets: readonly number[]): string {
  let out = ''
  for (let index = 0; index < octets.length; index += 3) {
    const [a = 0, b, c] = octets.slice(index, index + 3)
    const digits = [a >> 2, ((a & 3) << 4) | ((b ?? 0) >> 4), (((b ?? 0) & 15) << 2) | ((c ?? 0) >> 6)]
    out += digits.map((digit) => alphabet.charAt(digit)).join('')
    out =
      b === undefined ? `${out.slice(0, -1)}==` : `${out}${c === undefined ? '=' : alphabet.charAt(c & 63)}`
  }
  return out
}

/** RFC 2231 §4: one parameter of a header, as `; name=value`; other than ASCII in its percent form. */
export function parameter(name: string, value: string): string {
  if (isPlain(value)) return `; ${name}="${value.replaceAll(/["\\]/g, '_')}"`
  const octets = [...new TextEncoder().encode(value)]
  const encoded = octets.map((octet) => {
    const character = String.fromCharCode(octet)
    return /[A-Za-z0-9._-]/.test(character)
      ? character
      : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`
  })
  return `; ${name}*=utf-8''${encoded.join('')}`
}
