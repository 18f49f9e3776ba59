/** Small liberties that real programs take, and that every client reads in the same way. */
import { files } from './files.ts'
import { base64, type Draft, multipart, quotedPrintable, utf8 } from './pieces.ts'

const head = (subject: string): string =>
  `From: ann@example.test\nTo: bob@example.org\nSubject: ${subject}\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n`
const body = 'Hello, this is a text.\nWith two lines.\n'
const page = '<html><body><p>Hello</p></body></html>\n'
const typed = (lines: string, content = body): string => `${head('Quirk')}${lines}\n${content}`
const two = [`Content-Type: text/plain\n\n${body}`, `Content-Type: text/html\n\n${page}`]
const many = (type: string, boundary: string, around: Parameters<typeof multipart>[2] = {}): string =>
  `${head('Quirk')}${type}\n${multipart(boundary, two, around)}`

const types: readonly (readonly [name: string, lines: string])[] = [
  ['a semicolon at the end', 'Content-Type: text/plain; charset=utf-8;\n'],
  ['a semicolon and a blank at the end', 'Content-Type: text/html; charset=UTF-8; \n'],
  ['a semicolon alone', 'Content-Type: text/plain;\n'],
  ['a blank before the semicolon', 'Content-Type: text/plain ; charset=utf-8\n'],
  ['no blank behind the colon', 'Content-Type:text/plain;charset=utf-8\nContent-Transfer-Encoding:7bit\n'],
  ['a line end behind the colon', 'Content-Type:\n text/plain; charset=utf-8\nX-A:\n\tb\n'],
  ['blanks around the equals sign', 'Content-Type: text/plain; charset = "utf-8"\n'],
  ['a comment behind the charset', 'Content-Type: text/plain; charset=us-ascii (Plain text)\n'],
  ['a charset in single quotes', "Content-Type: text/plain; charset='utf-8'\n"],
  ['an empty charset', 'Content-Type: text/plain; charset=""\n'],
  ['a charset twice', 'Content-Type: text/plain; charset=utf-8; format=flowed; charset="utf-8"\n'],
  ['an encoding with a blank behind', 'Content-Type: text/plain\nContent-Transfer-Encoding: 7bit \n'],
  ['an encoding in capitals', 'Content-Type: TEXT/PLAIN\nContent-Transfer-Encoding: 8BIT\n'],
  ['MIME-Version twice', 'MIME-Version: 1.0\nContent-Type: text/plain\n'],
  [
    'Content-Type twice, the same',
    'Content-Type: text/plain; charset=utf-8\nContent-Type: text/plain; charset=utf-8\n',
  ],
  [
    'encoding twice, the same',
    'Content-Type: text/plain\nContent-Transfer-Encoding: 8bit\nContent-Transfer-Encoding: 8bit\n',
  ],
  ['Subject twice', 'Subject: again\nContent-Type: text/plain\n'],
  [
    'text/plain with a profile',
    'Content-Type: text/plain; charset=utf-8; profile="x y"; reply-type=original; delsp=no\n',
  ],
  ['text/enriched', 'Content-Type: text/enriched; charset=us-ascii\n'],
  ['text/markdown', 'Content-Type: text/markdown; charset=utf-8; variant=GFM\n'],
  ['a blank line in a folded field', 'X-Long: abc\n \n\tdef\nContent-Type: text/plain\n'],
  ['elm', 'Content-Type: text\n'],
]

const containers: readonly Draft[] = [
  ['a semicolon behind the boundary', many('Content-Type: multipart/mixed; boundary="q1";\n', 'q1')],
  [
    'blanks around the equals sign of the boundary',
    many('Content-Type: multipart/mixed; boundary = "q2"\n', 'q2'),
  ],
  [
    'the boundary on a line of its own',
    many('Content-Type: multipart/mixed;\n\tcharset="utf-8";\n\tboundary=q3\n', 'q3'),
  ],
  [
    'blanks behind boundary lines',
    many('Content-Type: multipart/mixed; boundary=q4\n', 'q4').replaceAll('--q4\n', '--q4 \t\n'),
  ],
  [
    '7bit on a multipart',
    many('Content-Type: multipart/mixed; boundary=q5\nContent-Transfer-Encoding: 7bit\n', 'q5'),
  ],
  [
    'binary on a multipart',
    many('Content-Type: multipart/mixed; boundary=q6\nContent-Transfer-Encoding: binary\n', 'q6'),
  ],
  [
    'a boundary of 100 characters',
    many(`Content-Type: multipart/mixed; boundary="${'q'.repeat(100)}"\n`, 'q'.repeat(100)),
  ],
  ['a name on a multipart', many('Content-Type: multipart/mixed; name="Hello"; boundary=q7\n', 'q7')],
  [
    'blank lines before the first boundary line',
    many('Content-Type: multipart/mixed; boundary=q8\n', 'q8', { preamble: '\n\n\n' }),
  ],
  [
    'blank lines before each boundary line',
    many('Content-Type: multipart/mixed; boundary=q9\n', 'q9', { gap: '\n\n\n' }),
  ],
  [
    'signature of a gateway behind it all',
    `${many('Content-Type: multipart/mixed; boundary=q10\n', 'q10')}\n______________________________________________________________________\nThis email has been scanned.\n`,
  ],
]

const encoded = (encoding: string, content: string, type = 'text/plain; charset=utf-8'): string =>
  `${head('Quirk')}Content-Type: ${type}\nContent-Transfer-Encoding: ${encoding}\n\n${content}`
const encodings: readonly Draft[] = [
  ['base64 on one long line', encoded('base64', `${base64(body.repeat(100), 100_000)}`)],
  ['base64 in short lines', encoded('base64', base64(body, 20))],
  ['base64 with blank lines at the end', encoded('base64', `${base64(body)}\n\n\n`)],
  ['base64 without a line end', encoded('base64', base64(body).trimEnd())],
  ['base64 with blanks at line ends', encoded('base64', base64(body.repeat(9)).replaceAll('\n', ' \n'))],
  ['base64, empty', encoded('base64', '')],
  ['base64, blank', encoded('base64', '\n\n')],
  ['base64 in capitals', encoded('BASE64', base64(body))],
  [
    'quoted-printable, small digits',
    encoded('quoted-printable', quotedPrintable(utf8('Größe\n')).toLowerCase()),
  ],
  ['quoted-printable, in capitals', encoded('QUOTED-PRINTABLE', quotedPrintable(utf8('Größe\n')))],
  ['quoted-printable with octets as they are', encoded('quoted-printable', utf8('Größe=20\n'))],
  [
    'quoted-printable, long lines',
    encoded('quoted-printable', quotedPrintable(utf8('Größe '.repeat(200)), 900)),
  ],
  ['quoted-printable, an equals sign at the end', encoded('quoted-printable', 'Hello=\n')],
  ['quoted-printable, blanks behind the equals sign', encoded('quoted-printable', 'Hel=  \nlo\n')],
  ['quoted-printable, line ends written out', encoded('quoted-printable', 'Hello=0D=0A=\nBob=0D=0A=\n')],
  [
    'quoted-printable, an equals sign at the end of a part',
    `${head('Quirk')}Content-Type: multipart/mixed; boundary=e\n\n${multipart('e', ['Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nHello='])}`,
  ],
  [
    'message in base64',
    encoded(
      'base64',
      base64(`${head('Inside')}\n${body}`.replaceAll('\n', '\r\n')),
      'message/rfc822; name="Hello.eml"',
    ),
  ],
]

const json = '{"@context":"http://schema.org","@type":"Order","orderNumber":"1"}'
const pages: readonly (readonly [name: string, html: string])[] = [
  [
    'an order for machines',
    `<html><head><script type="application/ld+json">${json}</script></head><body>x</body></html>`,
  ],
  [
    'Word',
    '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><head><!--[if !mso]><style>v\\:* {behavior:url(#default#VML);}</style><![endif]--><!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit" spidmax="1026" /></xml><![endif]--></head><body lang=EN-US><p class=MsoNormal>Hello<o:p></o:p></p></body></html>',
  ],
  [
    'a button',
    '<!--[if mso]><v:roundrect href="https://example.test" arcsize="10%"><w:anchorlock/><center>Go</center></v:roundrect><![endif]--><a href="https://example.test">Go</a>',
  ],
  ['a picture in the page', `<img src="data:image/png;base64,${files.png.content.toString('base64')}">`],
  ['a form', '<form action="https://example.test" method="get"><input name="a"><button>Go</button></form>'],
  ['a page without tags', 'Hello'],
  ['an empty page', ''],
  [
    'links',
    '<a href="mailto:a@example.test?subject=x">m</a> <a href="tel:+1">t</a> <base href="https://example.test/">',
  ],
]

const amp = `<!doctype html><html ⚡4email data-css-strict><head><meta charset="utf-8"><script async src="https://cdn.ampproject.org/v0.js"></script><script async custom-element="amp-form" src="https://cdn.ampproject.org/v0/amp-form-0.1.js"></script><style amp4email-boilerplate>body{visibility:hidden}</style></head><body><amp-img src="https://example.test/a.png" width="1" height="1"></amp-img></body></html>`

export const quirks = (): Draft[] => [
  ...types.map(([name, lines]): Draft => [`type: ${name}`, typed(lines)]),
  ...containers,
  ...encodings,
  ...pages.map(
    ([name, html]): Draft => [
      `page: ${name}`,
      encoded('quoted-printable', quotedPrintable(html), 'text/html; charset=utf-8'),
    ],
  ),
  [
    'AMP with its scripts',
    `${head('AMP')}Content-Type: multipart/alternative; boundary=amp\n\n${multipart('amp', [two[0] ?? '', `Content-Type: text/x-amp-html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n${quotedPrintable(utf8(amp))}`, two[1] ?? ''])}`,
  ],
  [
    'AppleDouble',
    `${head('Mac')}Content-Type: multipart/appledouble; boundary=mac\n\n${multipart('mac', [`Content-Type: application/applefile; name="a.pdf"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="a.pdf"\n\n${base64(Buffer.from('000516070002000000000000000000000000000000000000000000010000000900000026000000200000000000000000000000000000000000000000000000000000000000000000', 'hex'))}`, `Content-Type: application/pdf; name="a.pdf"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="a.pdf"\n\n${base64(files.pdf.content)}`])}`,
  ],
]
