/**
 * What clean mails are written with. Texts are one character for each octet and have LF at their line
 * ends; `octetsOf` makes the mail of them.
 */

/** A name, unique, and the text of the mail. */
export type Draft = readonly [name: string, text: string]

/** The mail as POP3 delivers it: CRLF at the line ends. */
export function octetsOf(text: string): Buffer {
  return Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')
}

/** The octets of a text in UTF-8, one character each. */
export const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

export function base64(content: string | Buffer, width = 76): string {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content
  const all = bytes.toString('base64')
  const lines: string[] = []
  for (let at = 0; at < all.length; at += width) lines.push(`${all.slice(at, at + width)}\n`)
  return lines.join('')
}

/** RFC 2045 §6.7, as most programs write it: what is printable stays, lines of 76 at most. */
export function quotedPrintable(text: string, width = 76): string {
  return text
    .split('\n')
    .map((line) => softly(line, width))
    .join('\n')
}

function softly(line: string, width: number): string {
  const units = Array.from(line, (char, index) => {
    const last = index === line.length - 1
    const plain = /[!-<>-~]/.test(char) || (/[ \t]/.test(char) && !last)
    return plain ? char : `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
  const lines: string[] = []
  let current = ''
  for (const unit of units) {
    if (current.length + unit.length >= width) {
      lines.push(`${current}=`)
      current = ''
    }
    current += unit
  }
  return [...lines, current].join('\n')
}

export type TextEncoding = '7bit' | '8bit' | 'quoted-printable' | 'base64'

export function encoded(text: string, encoding: TextEncoding, width?: number): string {
  if (encoding === 'base64') return base64(text.replaceAll('\n', '\r\n'), width).replace(/\n$/, '')
  return encoding === 'quoted-printable' ? quotedPrintable(text, width) : text
}

export const wordB = (text: string, charset = 'UTF-8'): string =>
  `=?${charset}?B?${Buffer.from(text, charset === 'UTF-8' ? 'utf8' : 'latin1').toString('base64')}?=`

export const wordQ = (text: string, charset = 'UTF-8'): string => {
  const octets = Buffer.from(text, charset.toUpperCase() === 'UTF-8' ? 'utf8' : 'latin1').toString('latin1')
  const hex = (char: string) => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  return `=?${charset}?Q?${octets.replaceAll(/[^A-Za-z0-9.!*+/-]/g, (char) => (char === ' ' ? '_' : hex(char)))}?=`
}

export const percent = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** Entities between their boundary lines; each begins with its headers and has no line end behind its last line. */
export function multipart(
  boundary: string,
  entities: readonly string[],
  { preamble = '', gap = '', behind = '\n' } = {},
): string {
  return `${preamble}${entities.map((entity) => `--${boundary}\n${entity}\n${gap}`).join('')}--${boundary}--${behind}`
}

let serial = 0
/** Digits that differ from mail to mail, and are the same in every run. */
export function digits(): string {
  serial += 1
  return String(1_000_003 * serial).padStart(10, '0')
}
