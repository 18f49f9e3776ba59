/** Pieces that the mails of the golden pairs are built from: fields, parts, encodings, and what hangs on them. */
import { eicar, emptyProgram } from '../../../demo/payloads.ts'

/** One mail with what it is for. Names are unique; the golden file is `NAME.golden.json`. */
export interface MailCase {
  readonly name: string
  readonly message: Buffer
  /** A proxy action of its own, over the recommended one. */
  readonly action?: ActionOverrides
}

export interface ActionOverrides {
  readonly basedOn?: string
  readonly [setting: string]: unknown
}

/** What a hostile mail carries, in the encodings that carry it. Lines end with LF; `octetsOf` makes them CRLF. */
export interface Payload {
  readonly name: 'eicar' | 'program'
  readonly octets: Buffer
  /** What must not be found in anything that is extracted. */
  readonly needles: readonly string[]
  readonly base64: string
  /** On one line, without padding and a number of characters that four divides. */
  readonly base64Line: string
  readonly quoted: string
  readonly uu: string
  readonly yenc: string
  readonly binhex: string
}

export const payloads: readonly Payload[] = [
  payload('eicar', Buffer.from(eicar()), ['EICAR-STANDARD-ANTIVIRUS-TEST']),
  payload('program', Buffer.from(emptyProgram()), ['This program cannot be run', 'MZ\u0090\0\u0003']),
]

function payload(name: Payload['name'], octets: Buffer, needles: readonly string[]): Payload {
  // Three octets make four characters: with a tail of line ends there is no padding.
  const even = Buffer.concat([octets, Buffer.from('\r\n\n'.slice(0, (3 - (octets.length % 3)) % 3))])
  return {
    ...{
      name,
      octets,
      needles,
      base64: folded(octets.toString('base64')),
      base64Line: even.toString('base64'),
    },
    ...{
      quoted: quotedPrintable(octets),
      uu: uuencode('evil.exe', octets),
      yenc: yencode('evil.exe', octets),
    },
    binhex: binhex('evil.exe', octets),
  }
}

/** A mail as octets: LF becomes CRLF, `<LF>` and `<CR>` stand for bare ones, `<NUL>` for a zero. */
export function octetsOf(text: string): Buffer {
  const lines = text.replaceAll('\n', '\r\n')
  return Buffer.from(
    lines.replaceAll('<LF>', '\n').replaceAll('<CR>', '\r').replaceAll('<NUL>', '\0'),
    'latin1',
  )
}

/** UTF-8 as one character for each octet, for `octetsOf`. */
export const raw = (text: string): string => Buffer.from(text).toString('latin1')

const envelope = `Date: Mon, 02 Nov 2026 09:30:00 +0000
From: Ann Example <ann@example.test>
To: Bob Example <bob@example.test>
Subject: The papers
Message-ID: <papers.2026@example.test>
MIME-Version: 1.0
`

/** A mail with the usual fields in front of these. */
export const mail = (fields: string, body: string): string => `${envelope}${fields}\n\n${body}`
export const entity = (fields: string, body: string): string => `${fields}\n\n${body}`
export const closed = (boundary: string, ...parts: readonly string[]): string =>
  `${parts.map((part) => `--${boundary}\n${part}\n`).join('')}--${boundary}--\n`
export const mixed = (boundary: string, ...parts: readonly string[]): string =>
  mail(`Content-Type: multipart/mixed; boundary="${boundary}"`, closed(boundary, ...parts))

export const note = entity('Content-Type: text/plain; charset=us-ascii', 'See what is attached.')

export function attached(name: string, content: Buffer | string, type = 'application/octet-stream'): string {
  return entity(
    `Content-Type: ${type}\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="${name}"`,
    folded(Buffer.from(content).toString('base64')),
  )
}

export function folded(base64: string): string {
  return base64.replaceAll(/.{76}(?=.)/g, '$&\n')
}

/** Whatever is no letter or digit is escaped; lines of at most 75 characters. */
export function quotedPrintable(octets: Buffer): string {
  const pieces = Array.from(octets, (octet) => {
    const character = String.fromCharCode(octet)
    return /[A-Za-z0-9]/.test(character) ? character : `=${hex(octet)}`
  })
  const lines: string[] = ['']
  for (const piece of pieces) {
    if ((lines.at(-1) ?? '').length + piece.length > 72) lines.push('')
    lines[lines.length - 1] += piece
  }
  return lines.join('=\n')
}

function hex(octet: number): string {
  return octet.toString(16).toUpperCase().padStart(2, '0')
}

export function uuencode(name: string, octets: Buffer): string {
  const lines: string[] = []
  for (let at = 0; at < octets.length; at += 45) lines.push(uuLine(octets.subarray(at, at + 45)))
  return `begin 644 ${name}\n${lines.join('\n')}\n\`\nend`
}

function uuLine(octets: Buffer): string {
  const whole = Buffer.concat([octets, Buffer.alloc((3 - (octets.length % 3)) % 3)])
  const codes = sixBits(whole).map((bits) => 32 + (bits === 0 ? 64 : bits))
  return String.fromCharCode(32 + octets.length, ...codes)
}

/** Groups of six bits; what is missing at the end is zero. */
function sixBits(octets: Buffer): number[] {
  const bits = Array.from(octets, (octet) => octet.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,6}/g) ?? []).map((six) => Number.parseInt(six.padEnd(6, '0'), 2))
}

export function yencode(name: string, octets: Buffer): string {
  const encoded = Array.from(octets, (octet) => {
    const code = (octet + 42) % 256
    const critical = [0x00, 0x09, 0x0a, 0x0d, 0x2e, 0x3d].includes(code)
    return critical ? `=${String.fromCharCode((code + 64) % 256)}` : String.fromCharCode(code)
  })
  const size = octets.length
  return `=ybegin line=128 size=${size} name=${name}\n${encoded.join('')}\n=yend size=${size}`
}

/** BinHex 4.0 (RFC 1741), one data fork; its check sums are zero. */
export function binhex(name: string, octets: Buffer): string {
  const alphabet = '!"#$%&\'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr'
  const header = Buffer.alloc(22 + name.length)
  header.writeUInt8(name.length, 0)
  header.write(name, 1, 'latin1')
  header.writeUInt32BE(octets.length, 12 + name.length)
  const data = Buffer.concat([header, octets, Buffer.alloc(4)])
  const plain = Buffer.from(Array.from(data).flatMap((octet) => (octet === 0x90 ? [0x90, 0] : [octet])))
  const text = `:${sixBits(plain)
    .map((bits) => alphabet[bits])
    .join('')}:`
  return `(This file must be converted with BinHex 4.0)\n\n${text.replaceAll(/.{64}(?=.)/g, '$&\n')}`
}
