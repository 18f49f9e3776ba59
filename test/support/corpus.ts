/**
 * The mails that go through Postern in tests: at least 210, made anew in code and the same each time.
 * Each is what lies in the maildir; `expected` says what POP3 must deliver of it.
 *
 * Left out on purpose: NUL and bare CR, which RFC 5322 §2.3 forbids and Postern repairs or refuses;
 * they have tests of their own. Bare LF is in here only as the maildir's way to end lines. No mail
 * begins with a dot: Dovecot 2.3 does not stuff the first octet of a message, against RFC 1939 §3.
 */
import { createHash } from 'node:crypto'
import { edges } from './edges.ts'
import { header, mail, noise } from './words.ts'

export interface Message {
  /** Unique, at most 40 characters of `[a-z0-9-]`. */
  readonly name: string
  /** Octets in the maildir. */
  readonly stored: Buffer
  /** Octets that POP3 delivers: dot-stuffing undone, without the final lone dot. */
  readonly expected: Buffer
}

const LF = 0x0a
const CR = 0x0d
const CRLF = Buffer.from('\r\n')

/**
 * What POP3 must deliver of a file in the maildir. The file's lines end in LF or CRLF; POP3's end in
 * CRLF (RFC 1939 §3). A last line without an end gets one, as the lone dot must stand on a line of
 * its own; for the same reason an empty file is delivered as one empty line. Both is what Dovecot 2.3 does.
 */
export function expected(stored: Buffer): Buffer {
  const pieces: Buffer[] = []
  let start = 0
  while (start < stored.length) {
    const end = stored.indexOf(LF, start)
    const stop = end === -1 ? stored.length : end
    const line = stored.subarray(
      start,
      stop > start && stored[stop - 1] === CR && end !== -1 ? stop - 1 : stop,
    )
    pieces.push(line, CRLF)
    start = stop + 1
  }
  return pieces.length === 0 ? CRLF : Buffer.concat(pieces)
}

/** Lower-case hex SHA-256, to name a difference shortly. */
export const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** All mails, in the order in which they lie in the mailbox. */
export function makeCorpus(): Message[] {
  const all = [...ordinary(), ...dots(), ...eightBit(), ...odd(), ...long(), ...edges(), ...large()]
  return all.map(([name, text]) => {
    const stored = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
    return { name, stored, expected: expected(stored) }
  })
}

/** A name and what is stored; strings are Latin-1, one octet a character. */
type Draft = readonly [name: string, stored: string | Buffer]

/** Mails as people send them, each with LF and with CRLF in the maildir. */
function ordinary(): Draft[] {
  const bodies: string[] = [
    'Short.\n',
    'Two\nlines.\n',
    '\nStarts with an empty line.\n',
    'Ends with empty lines.\n\n\n',
    'Trailing blanks \t \nand more   \n',
    'From the beginning of a line\n>From quoted\nFrom again\n',
    `${'The quick brown fox. '.repeat(40)}\n`,
    '=20=3D quoted=\nprintable\n',
    `${noise(3000, 1)
      .toString('base64')
      .replace(/(.{76})/g, '$1\n')}\n`,
    '+OK not a reply\n-ERR not a reply\nQUIT\nRETR 1\n',
    'Tab\tform feed\f vertical\v bell\x07 escape\x1b[31m\n',
    '--\nno MIME\n--boundary--\n',
  ]
  const mime =
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b1"\n\nPreamble\n--b1\n' +
    'Content-Type: text/plain; charset=utf-8\n\nText.\n--b1\nContent-Type: application/octet-stream\n' +
    `Content-Transfer-Encoding: base64\n\n${noise(5000, 2)
      .toString('base64')
      .replace(/(.{76})/g, '$1\n')}\n--b1--\nEpilogue\n`
  const drafts: Draft[] = []
  for (const [index, body] of [...bodies.map((each) => `\n${each}`), mime].entries()) {
    const text = header(`Ordinary ${index}`) + body
    drafts.push([`ordinary-lf-${index}`, text], [`ordinary-crlf-${index}`, text.replaceAll('\n', '\r\n')])
  }
  for (let size = 1; size <= 48; size += 1)
    drafts.push([`paragraphs-${size}`, mail(`Paragraphs ${size}`, `${words(size * 37, size)}\n`)])
  return drafts
}

/** Dots wherever a lone dot could be taken for the end, or a stuffed one be forgotten. */
function dots(): Draft[] {
  const bodies: string[] = [
    '.\n',
    '..\n',
    '...\n',
    '.\n.\n.\n',
    '\n.\n\n.\n',
    'a\n.\nb\n',
    'a\n..\nb\n',
    '.a\n..a\n...a\n',
    ' .\n. \n.\t\n',
    'a.\n.b.\n',
    `${'.\n'.repeat(500)}`,
    `${'.'.repeat(998)}\n`,
    `${'.'.repeat(5000)}\n`,
    '.\n+OK\n.\n-ERR\n.\n',
    'last line is a dot\n.\n',
    `${'..\n.\n'.repeat(3000)}`,
  ]
  const drafts: Draft[] = []
  for (const [index, body] of bodies.entries()) {
    drafts.push([`dots-lf-${index}`, mail(`Dots ${index}`, body)])
    drafts.push([`dots-crlf-${index}`, mail(`Dots ${index}`, body).replaceAll('\n', '\r\n')])
    // Without the final line end: the lone dot that follows must not join the last line.
    drafts.push([`dots-open-${index}`, mail(`Dots ${index}`, body).slice(0, -1)])
  }
  drafts.push(['dot-in-header', `${header('Dot in header')}.X-Dot: odd name\nX-Fold: a\n .\n ..\n\nBody\n`])
  return drafts
}

/** Octets above 127: declared, undeclared, valid and invalid UTF-8, every value. */
function eightBit(): Draft[] {
  const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
  const every = Array.from({ length: 256 }, (_, value) => value).filter(
    (value) => ![0, LF, CR].includes(value),
  )
  const all = String.fromCharCode(...every)
  const drafts: Draft[] = [
    ['eight-utf8', mail('UTF-8', utf8('Zürich, Ελλάδα, 日本語, 🙂\n'))],
    ['eight-utf8-header', `${header(utf8('Grüße aus Köln 日本'))}\n${utf8('é\n')}`],
    ['eight-latin1', mail('Latin-1', 'caf\xe9 \xa0 \xff\n')],
    ['eight-broken-utf8', mail('Broken', '\xc3\n\xc3\x28\xf0\x9f\n\xed\xa0\x80\n')],
    ['eight-every-octet', mail('Every octet', `${all}\n`)],
    ['eight-every-octet-lines', mail('Every octet', `${[...all].join('\n')}\n`)],
    ['eight-bom', mail('BOM', '\xef\xbb\xbf.\n\xef\xbb\xbf\n')],
    ['eight-dots', mail('Dots', '\xff.\n.\xff\n..\xff\n')],
    ['eight-telnet', mail('Telnet', '\xff\xf4\xff\xfd\x06\xff\xff\n')],
  ]
  for (let index = 0; index < 8; index += 1) {
    const bytes = noise(20_000, 100 + index)
      .toString('latin1')
      .replaceAll(/[\0\r]/g, '.')
    drafts.push([`eight-binary-${index}`, mail(`Binary ${index}`, `${bytes}\n`)])
  }
  return drafts
}

/** Mails that lack a part that mails have. */
function odd(): Draft[] {
  return [
    ['empty-body', `${header('Empty body')}\n`],
    ['empty-body-crlf', `${header('Empty body')}\n`.replaceAll('\n', '\r\n')],
    ['headers-only', header('Headers only')],
    ['headers-only-open', header('Headers only').slice(0, -1)],
    ['no-final-newline', mail('No final newline', 'the end')],
    ['no-final-newline-crlf', mail('No final newline', 'one\ntwo').replaceAll('\n', '\r\n')],
    ['no-final-newline-8bit', mail('No final newline', 'the \xff')],
    ['only-a-header-name', 'Subject:\n\n'],
    ['many-headers', `${header('Many')}${'X-Many: value\n'.repeat(2000)}\nBody\n`],
    ['mixed-line-ends', mail('Mixed', 'lf\ncrlf\r\nlf\n.\r\n.\n..\r\n')],
    ['only-empty-lines', mail('Empty lines', '\n'.repeat(300))],
    ['from-line-first', `From someone Mon Jan  1 00:00:00 2026\n${mail('From line', 'Body\n')}`],
    ['no-headers', '\nOnly a body.\n'],
    ['empty', ''],
    ['one-newline', '\n'],
    ['one-letter', 'x'],
    ['body-is-a-dot', '\n.\n'],
    ['body-is-a-dot-open', '\n.'],
    ['body-is-two-dots', '\n..\n'],
  ]
}

/** Lines far over the 998 octets of RFC 5322 §2.1.1. */
function long(): Draft[] {
  const drafts: Draft[] = [
    ['long-line-100000', mail('Long', `${'x'.repeat(100_000)}\n`)],
    ['long-line-dot-100000', mail('Long', `.${'x'.repeat(99_999)}\n.\n`)],
    ['long-line-dots-100000', mail('Long', `${'.'.repeat(100_000)}\n`)],
    ['long-line-open-100000', mail('Long', 'y'.repeat(100_000))],
    ['long-line-8bit-100000', mail('Long', `${'\xe9'.repeat(100_000)}\n`)],
    ['long-header-9000', `${header('Long header')}X-Long: ${'h'.repeat(9000)}\n\nBody\n`],
    ['long-header-100000', `${header('Long header')}X-Long: ${'h'.repeat(100_000)}\n\nBody\n`],
    ['long-folded-header', `${header('Folded')}X-Fold: a${'\n b'.repeat(5000)}\n\nBody\n`],
  ]
  for (const length of [
    76, 78, 510, 511, 512, 513, 998, 1000, 1022, 1023, 1024, 2047, 2048, 4096, 8190, 8192,
  ])
    drafts.push([
      `line-${length}`,
      mail(`Line ${length}`, `${'z'.repeat(length)}\n.${'z'.repeat(length - 1)}\nend\n`),
    ])
  return drafts
}

/** A few with attachments of megabytes. */
function large(): Draft[] {
  const attachment = noise(2_250_000, 7)
    .toString('base64')
    .replace(/(.{76})/g, '$1\n')
  const lines = (attachment.length / 77) | 0
  return [
    ['large-base64', mail('Large', `${attachment}\n`)],
    ['large-text-crlf', mail('Large', `${words(200_000, 9)}\n`).replaceAll('\n', '\r\n')],
    ['large-dots', mail('Large', '.a line with a dot before it\n'.repeat(lines))],
  ]
}

const WORDS = 'mail gate key letter stamp . .. box line seal name road post bag'.split(' ')

/** Prose of `count` words in lines of uneven length, many of which begin with a dot. */
function words(count: number, seed: number): string {
  const picks = noise(count, seed)
  let text = ''
  for (const pick of picks) text += `${WORDS[pick % WORDS.length]}${pick % 11 === 0 ? '\n' : ' '}`
  return text
}
