/**
 * The mails the test upstream serves: multipart, a text part with lines that start with dots, and a
 * base64 attachment in lines of 76 characters. The same bytes at every run.
 */
import { createCipheriv, createHash } from 'node:crypto'
import type { MailFacts } from './jobs.ts'

/** A mail ready to be sent: `wire` holds status line, dot-stuffed content and terminator. */
export interface Mail extends MailFacts {
  readonly wire: Buffer
}

/** RFC 2045 section 6.8: encoded lines of at most 76 characters. */
const LINE = 76
const BOUNDARY = 'bench-7f3a91'

const HEAD = [
  'Received: from mx.bench.invalid (mx.bench.invalid [192.0.2.25]) by mail.bench.invalid; Tue, 24 Nov 2026 09:00:00 +0000',
  'From: "Sales, North" <sales@bench.invalid>',
  'To: staff@bench.invalid',
  'Subject: =?utf-8?Q?Figures_f=C3=BCr_November?=',
  'Date: Tue, 24 Nov 2026 09:00:00 +0000',
  'Message-ID: <20261124090000.1@bench.invalid>',
  'MIME-Version: 1.0',
  `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
  '',
  'This is a message in MIME format.',
  `--${BOUNDARY}`,
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  'Hello all,',
  '',
  '.a line that starts with a dot',
  '..and one with two',
  '.',
  'the figures are attached. Grüße, Sales',
  '',
  `--${BOUNDARY}`,
  'Content-Type: application/octet-stream; name="figures.bin"',
  'Content-Disposition: attachment; filename="figures.bin"',
  'Content-Transfer-Encoding: base64',
  '',
  '',
].join('\r\n')
const TAIL = `--${BOUNDARY}--\r\n`

/** Base64 lines of bytes that look random: `octets` of them, cut down to whole lines, CRLF counted. */
function attachment(octets: number): Buffer {
  const lines = Math.max(1, Math.floor(octets / (LINE + 2)))
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16)).update(
    Buffer.alloc((lines * LINE * 3) / 4),
  )
  const text = Buffer.from(noise.toString('base64'), 'latin1')
  const out = Buffer.alloc(lines * (LINE + 2), '\r\n')
  for (let line = 0; line < lines; line++) {
    text.copy(out, line * (LINE + 2), line * LINE, (line + 1) * LINE)
    out.write('\r\n', line * (LINE + 2) + LINE, 'latin1')
  }
  return out
}

/** RFC 1939 section 3: a line that begins with the termination octet is sent with one more. */
const stuff = (text: string): string => text.replaceAll('\r\n.', '\r\n..')

/** One mail of about `octets` octets under message number `number`. */
export function makeMail(number: number, octets: number): Mail {
  const body = attachment(octets - HEAD.length - TAIL.length)
  const stored = Buffer.byteLength(HEAD) + body.length + TAIL.length
  const status = Buffer.from(`+OK ${stored} octets\r\n`)
  const wire = Buffer.concat([status, Buffer.from(stuff(HEAD)), body, Buffer.from(`${TAIL}.\r\n`)])
  const content = wire.subarray(status.length)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { number, octets: stored, wireOctets: content.length, sha256, wire }
}
