/**
 * Mail that clients read in more than one way: the Reading says so, and what any of them would extract
 * is among the contents.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AmbiguityReason, readInside } from './index.ts'

const payload = 'EVIL PAYLOAD: a program that nobody wants!'
const base64 = Buffer.from(payload).toString('base64')
const escaped = payload.replaceAll(' ', '=20')
const uu = `begin 644 evil.exe\n${uuLine(payload)}\n\`\nend`

/** One line of uuencode, with ` for 0. */
function uuLine(text: string): string {
  const octets = Buffer.from(text.padEnd(Math.ceil(text.length / 3) * 3, '\0'), 'latin1')
  const groups = Array.from({ length: octets.length / 3 }, (_, group) => octets.readUIntBE(group * 3, 3))
  const characters = groups.flatMap((bits) => [18, 12, 6, 0].map((shift) => (bits >> shift) & 63 || 64))
  return String.fromCharCode(32 + text.length, ...characters.map((code) => 32 + code))
}

const attachment = `Content-Type: application/octet-stream; name=evil.exe\nContent-Transfer-Encoding: base64\n\n${base64}`
const multipart = (contentType: string, body: string, more = '') =>
  `Subject: x\nMIME-Version: 1.0\n${more}Content-Type: ${contentType}\n\n${body}\n`
const mixed = (body: string, boundary = 'b') => multipart(`multipart/mixed; boundary=${boundary}`, body)
const leaf = (header: string, body = base64) => `Subject: x\n${header}\n\n${body}\n`

const cases: readonly [name: string, reason: AmbiguityReason, message: string][] = [
  [
    'two types, first',
    'content-type-twice',
    multipart('multipart/mixed; boundary=b', `--b\n${attachment}\n--b--`, 'Content-Type: text/plain\n'),
  ],
  [
    'two types, last',
    'content-type-twice',
    multipart('text/plain', `--b\n${attachment}\n--b--`, 'Content-Type: multipart/mixed; boundary=b\n'),
  ],
  [
    'three types',
    'content-type-twice',
    multipart(
      'text/html',
      `--b\n${attachment}\n--b--`,
      'Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b\n',
    ),
  ],
  [
    'a comment in the type',
    'content-type-odd',
    multipart('multi(x)part/mixed; boundary=b', `--b\n${attachment}\n--b--`),
  ],
  [
    'a blank in the type',
    'content-type-odd',
    multipart('multipart / mixed; boundary=b', `--b\n${attachment}\n--b--`),
  ],
  [
    'no semicolon behind the type',
    'content-type-odd',
    multipart('multipart/mixed boundary=b', `--b\n${attachment}\n--b--`),
  ],
  [
    'a comma behind the type',
    'content-type-odd',
    multipart('multipart/mixed, boundary=b', `--b\n${attachment}\n--b--`),
  ],
  [
    'an encoded word as type',
    'content-type-odd',
    multipart('=?us-ascii?Q?multipart/mixed?=; boundary=b', `--b\n${attachment}\n--b--`),
  ],
  [
    'two encodings, first',
    'encoding-twice',
    leaf('Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 7bit'),
  ],
  [
    'two encodings, last',
    'encoding-twice',
    leaf('Content-Transfer-Encoding: quoted-printable\nContent-Transfer-Encoding: base64'),
  ],
  ['a comment in the encoding', 'encoding-odd', leaf('Content-Transfer-Encoding: (x) base64')],
  ['quotes around the encoding', 'encoding-odd', leaf('Content-Transfer-Encoding: "base64"')],
  ['something behind the encoding', 'encoding-odd', leaf('Content-Transfer-Encoding: base64; x=y')],
  ['odd case', 'encoding-odd', leaf('Content-Transfer-Encoding: bAsE64')],
  ['a blank in the encoding', 'encoding-odd', leaf('Content-Transfer-Encoding: base 64')],
  ['odd quoted-printable', 'encoding-odd', leaf('Content-Transfer-Encoding: x-quoted', escaped)],
  ['unknown encoding, base64', 'encoding-unknown', leaf('Content-Transfer-Encoding: x-secret')],
  [
    'unknown encoding, quoted-printable',
    'encoding-unknown',
    leaf('Content-Transfer-Encoding: x-secret', escaped),
  ],
  [
    'base64 for a multipart',
    'encoding-on-container',
    multipart(
      'multipart/mixed; boundary=b',
      Buffer.from(`--b\r\n${attachment}\r\n--b--\r\n`).toString('base64'),
      'Content-Transfer-Encoding: base64\n',
    ),
  ],
  [
    'base64 for a multipart that stands as it is',
    'encoding-on-container',
    multipart(
      'multipart/mixed; boundary=b',
      `--b\n${attachment}\n--b--`,
      'Content-Transfer-Encoding: base64\n',
    ),
  ],
  [
    'quoted-printable for a multipart',
    'encoding-on-container',
    multipart(
      'multipart/mixed; boundary=b',
      `--=62\n${attachment}\n--b--`,
      'Content-Transfer-Encoding: quoted-printable\n',
    ),
  ],
  [
    'base64 for a message that stands as it is',
    'encoding-on-container',
    multipart('message/rfc822', attachment, 'Content-Transfer-Encoding: base64\n'),
  ],
  [
    'base64 in the preamble of a base64 multipart',
    'encoding-on-container',
    multipart(
      'multipart/mixed; boundary=b',
      `${base64}\n--b\n\nx\n--b--`,
      'Content-Transfer-Encoding: base64\n',
    ),
  ],
  [
    'two boundaries, first',
    'boundary-twice',
    multipart('multipart/mixed; boundary=b; boundary=c', `--b\n${attachment}\n--b--`),
  ],
  [
    'two boundaries, last',
    'boundary-twice',
    multipart('multipart/mixed; boundary=c; boundary=b', `--b\n${attachment}\n--b--`),
  ],
  [
    'plain and RFC 2231, plain',
    'boundary-twice',
    multipart("multipart/mixed; boundary=b; boundary*=us-ascii''c", `--b\n${attachment}\n--b--`),
  ],
  [
    'plain and RFC 2231, extended',
    'boundary-twice',
    multipart('multipart/mixed; boundary=c; boundary*0=b; boundary*1=d', `--bd\n${attachment}\n--bd--`),
  ],
  [
    'RFC 2231 alone',
    'boundary-odd',
    multipart("multipart/mixed; boundary*=us-ascii''%62", `--b\n${attachment}\n--b--`),
  ],
  ['a comment behind the boundary', 'boundary-odd', mixed(`--b\n${attachment}\n--b--`, 'b (x)')],
  ['a blank in a bare boundary', 'boundary-odd', mixed(`--b\n${attachment}\n--b--`, 'b c')],
  ['single quotes', 'boundary-odd', mixed(`--b\n${attachment}\n--b--`, "'b'")],
  [
    'a quote that does not end',
    'boundary-odd',
    multipart('multipart/mixed; boundary="b; x=y', `--b\n${attachment}\n--b--`),
  ],
  ['an escape in quotes', 'boundary-odd', mixed(`--ab\n${attachment}\n--ab--`, '"a\\b"')],
  ['text behind quotes', 'boundary-odd', mixed(`--bc\n${attachment}\n--bc--`, '"b"c')],
  ['an encoded word as boundary', 'boundary-odd', mixed(`--b\n${attachment}\n--b--`, '"=?us-ascii?Q?b?="')],
  ['a folded boundary', 'boundary-odd', mixed(`--ab\n${attachment}\n--ab--`, '"a\n b"')],
  ['no boundary', 'boundary-missing', multipart('multipart/mixed', `--b\n${attachment}\n--b--`)],
  ['empty boundary', 'boundary-missing', mixed(`--\n${attachment}\n----`, '""')],
  [
    'a boundary on text',
    'boundary-on-leaf',
    multipart('text/plain; boundary=b', `--b\n${attachment}\n--b--`),
  ],
  [
    'something behind the boundary',
    'boundary-look-alike',
    mixed(`--b\n\ntext\n--bjunk\n${attachment}\n--b--`),
  ],
  ['a NUL behind the boundary', 'boundary-look-alike', mixed(`--b\n\ntext\n--b\0\n${attachment}\n--b--`)],
  ['other case', 'boundary-look-alike', mixed(`--b\n\ntext\n--B\n${attachment}\n--b--`)],
  ['a blank before the boundary', 'boundary-look-alike', mixed(`--b\n\ntext\n --b\n${attachment}\n--b--`)],
  [
    'a look-alike inside base64',
    'boundary-look-alike',
    mixed(
      `--_\nContent-Transfer-Encoding: base64\n\n${base64.slice(0, 20)}\n--_!\n${base64.slice(20)}\n--_--`,
      '_',
    ),
  ],
  [
    'a boundary that begins with another, and a part behind its end',
    'boundary-look-alike',
    mixed(`--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\ntext\n--bb--\n${attachment}\n--b--`),
  ],
  [
    'a boundary that begins with another, and a page behind its end',
    'boundary-look-alike',
    mixed(
      `--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\ntext\n--bb--\nContent-Type: text/html\n\n${payload}\n--b--`,
    ),
  ],
  [
    'a boundary that begins with another, and a line that is neither',
    'boundary-look-alike',
    mixed(
      `--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\ntext\n--bx\n${attachment}\n--bb--\n--b--`,
    ),
  ],
  [
    'a boundary that another begins with, not closed',
    'multipart-unterminated',
    mixed(
      `--bb\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--bb\n${attachment}\n--bb--`,
      'bb',
    ),
  ],
  [
    'a multipart without anything, and its lines in the next part',
    'multipart-unterminated',
    mixed(
      `--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=in\n\n--b\n\n--in\n${attachment}\n--in--\n--b--`,
    ),
  ],
  [
    'the same boundary inside',
    'boundary-reused',
    mixed(`--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n${attachment}\n--b--\n--b--`),
  ],
  [
    'not closed inside',
    'multipart-unterminated',
    mixed(
      `--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Transfer-Encoding: base64\n\n${base64}\n--b\n\nx\n--b--`,
    ),
  ],
  [
    "base64 over the parent's boundary line",
    'multipart-unterminated',
    mixed(
      `--_\nContent-Type: multipart/mixed; boundary=c\n\n--c\n${attachment.replace(base64, '')}${base64.slice(0, 20)}\n--_\n${base64.slice(20)}\n--c--\n--_--`,
      '_',
    ),
  ],
  ['never closed', 'multipart-unterminated', mixed(`--b\n${attachment}`)],
  ['a part behind the end', 'part-after-close', mixed(`--b\n\nx\n--b--\n--b\n${attachment}\n--b--`)],
  ['a header in the preamble', 'parts-in-preamble', mixed(`${attachment}\n--b\n\nx\n--b--`)],
  ['uuencode in the preamble', 'parts-in-preamble', mixed(`${uu}\n--b\n\nx\n--b--`)],
  ['a header in the epilogue', 'parts-in-epilogue', mixed(`--b\n\nx\n--b--\n${attachment}`)],
  [
    'other boundaries in the epilogue',
    'parts-in-epilogue',
    mixed(`--b\n\nx\n--b--\n--c\n${attachment}\n--c--`),
  ],
  [
    'no blank line behind the header',
    'header-unterminated',
    mixed(`--b\nContent-Type: text/plain\n--b\n${attachment}\n--b--`),
  ],
  ['a line without colon', 'header-odd-line', leaf(`Content-Transfer-Encoding: base64\n${base64}`, 'x')],
  [
    'a line without colon before the encoding',
    'header-odd-line',
    leaf('odd\nContent-Transfer-Encoding: base64'),
  ],
  [
    'a line of blanks before the encoding',
    'header-odd-line',
    `Subject: x\nContent-Transfer-Encoding: base64\n \n${base64}\n\nContent-Type: x\n`,
  ],
  [
    'a stray boundary line',
    'header-odd-line',
    multipart('multipart/mixed;\nboundary=b', `--b\n${attachment}\n--b--`),
  ],
  ['a blank before the colon', 'header-odd-name', leaf('Content-Transfer-Encoding : base64')],
  [
    'a field name that begins with a blank',
    'header-odd-name',
    ` Content-Transfer-Encoding: base64\nSubject: x\n\n${base64}\n`,
  ],
  ['NUL in the encoding', 'header-nul', leaf('Content-Transfer-Encoding: ba\0se64')],
  ['NUL behind the encoding', 'header-nul', leaf('Content-Transfer-Encoding: base64\0x')],
  ['CR as line end in the header', 'bare-cr', leaf('X: y\rContent-Transfer-Encoding: base64')],
  ['CR as blank line', 'bare-cr', `Content-Transfer-Encoding: base64\n\r${base64}\nX: y\n\nz\n`],
  ['CR before a boundary', 'bare-cr', mixed(`--b\n\ntext\r--b\n${attachment}\n--b--`)],
  ['CR behind a boundary', 'bare-cr', mixed(`--b\n\ntext\n--b\r${attachment}\n--b--`)],
  ['two CR behind a boundary', 'bare-cr', mixed(`--b\n\ntext\n--b\r\r\n${attachment}\n--b--`)],
  [
    'names that differ',
    'name-collision',
    leaf(
      'Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.exe\nContent-Transfer-Encoding: base64',
    ),
  ],
  [
    'junk in base64',
    'base64-junk',
    leaf('Content-Transfer-Encoding: base64', `${base64.slice(0, 9)}!${base64.slice(9)}`),
  ],
  ['the other alphabet', 'base64-junk', leaf('Content-Transfer-Encoding: base64', `${base64}-_`)],
  ['base64 that ends early', 'base64-padding', leaf('Content-Transfer-Encoding: base64', `eA==\n${base64}`)],
  [
    'base64 in two runs',
    'base64-padding',
    leaf('Content-Transfer-Encoding: base64', `${base64.padEnd(60, '=')}\nQUJD`),
  ],
  [
    '= inside a group',
    'base64-padding',
    leaf('Content-Transfer-Encoding: base64', `${base64.slice(0, 10)}=${base64.slice(10)}`),
  ],
  ['base64 too short', 'base64-length', leaf('Content-Transfer-Encoding: base64', `${base64}QQ`)],
  [
    'a bad escape',
    'quoted-printable-escape',
    leaf('Content-Transfer-Encoding: quoted-printable', `=XY${escaped}`),
  ],
  [
    '= between the text',
    'quoted-printable-escape',
    leaf('Content-Transfer-Encoding: quoted-printable', `${escaped.slice(0, 9)}=${escaped.slice(9)}`),
  ],
  [
    'uuencode without end',
    'uuencode-damaged',
    leaf('Content-Transfer-Encoding: x-uuencode', uu.replace('\nend', '')),
  ],
]

for (const [name, reason, text] of cases)
  test(`${reason}: ${name}`, () => {
    const message = Buffer.from(text.replace(/(?<!\r)\n/g, '\r\n'), 'latin1')
    const { ambiguities, contents, limits } = readInside(message)
    assert.ok(
      ambiguities.some((each) => each.reason === reason),
      JSON.stringify(ambiguities),
    )
    assert.deepEqual(limits, [])
    assert.ok(
      contents.some(({ octets }) => Buffer.from(octets).includes(payload)),
      JSON.stringify(contents.map(({ id, decoding }) => `${id} ${decoding}`)),
    )
  })
