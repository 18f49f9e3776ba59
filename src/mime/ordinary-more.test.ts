/** More ordinary mail: invitations, lists, forwarded and bare messages. Never called ambiguous. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readInside } from './index.ts'

interface Case {
  readonly name: string
  readonly message: string
  /** `id type` of each part, with the file names behind. */
  readonly parts: readonly string[]
  readonly marks?: readonly string[]
}

const cases: readonly Case[] = [
  {
    name: 'calendar invitation',
    message: `Content-Type: multipart/alternative; boundary=aa
DKIM-Signature: v=1; a=rsa-sha256; b=abc

--aa
Content-Type: text/calendar; charset="UTF-8"; method=REQUEST
Content-Transfer-Encoding: 7bit

BEGIN:VCALENDAR
PRODID:-//Google
END:VCALENDAR
--aa--`,
    parts: ['TEXT multipart/alternative', '1 text/calendar'],
    marks: ['dkim-signed -'],
  },
  {
    name: 'a name in every form, with its ASCII form beside',
    message: `Content-Type: application/vnd.openxmlformats; name="=?UTF-8?Q?=C3=9Cbung.docx?="
Content-Disposition: attachment; filename*0*=UTF-8''%C3%9C; filename*1*=bung.docx; filename="Ubung.docx"
Content-Transfer-Encoding: BASE64

UEsDBAo=
`,
    parts: ['1 application/vnd.openxmlformats Übung.docx|Ubung.docx|=?UTF-8?Q?=C3=9Cbung.docx?='],
  },
  {
    name: 'Apple Mail',
    message: `Content-Type: multipart/alternative; boundary=Apple-Mail-B1
Mime-Version: 1.0 (1.0)
Content-Transfer-Encoding: 7bit

--Apple-Mail-B1
Content-Type: text/plain;
	charset=utf-8
Content-Transfer-Encoding: quoted-printable

Sent from my iPhone=

--Apple-Mail-B1
Content-Type: text/html

x
--Apple-Mail-B1--
`,
    parts: ['TEXT multipart/alternative', '1 text/plain', '2 text/html'],
  },
  {
    name: 'digest without types',
    message: `Content-Type: multipart/digest; boundary=dd

--dd

Subject: one

body one
--dd

Subject: two

body two
--dd--
`,
    parts: ['TEXT multipart/digest', '1 message/rfc822', '1.1', '2 message/rfc822', '2.1'],
  },
  {
    name: 'forwarded message in base64',
    message: `Content-Type: message/rfc822
Content-Transfer-Encoding: base64

U3ViamVjdDogeA0KDQpib2R5DQo=
`,
    parts: ['1 message/rfc822'],
  },
  {
    name: 'a folded field with a blank line in it',
    message: `Subject: abc
 
X-Foo: bar
Content-Type: text/plain

hello
`,
    parts: ['1 text/plain'],
  },
  {
    name: 'empty parts',
    message: `Content-Type: multipart/mixed; boundary=b

--b

--b
Content-Type: text/plain

--b--
`,
    parts: ['TEXT multipart/mixed', '1', '2 text/plain'],
  },
  {
    name: 'Eudora: boundaries that begin with another, and the other way round',
    message: `Content-Type: multipart/mixed; boundary="==_1==_"

--==_1==_
Content-Type: multipart/alternative; boundary="==_1==_.ALT"

--==_1==_.ALT
Content-Type: text/plain

x
--==_1==_.ALT
Content-Type: multipart/related; boundary="==_1"

--==_1
Content-Type: text/html

<p>
--==_1--

--==_1==_.ALT--

--==_1==_
Content-Type: application/pdf
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--==_1==_--
`,
    parts: [
      'TEXT multipart/mixed',
      '1 multipart/alternative',
      '1.1 text/plain',
      '1.2 multipart/related',
      '1.2.1 text/html',
      '2 application/pdf',
    ],
  },
  {
    name: 'a report with nothing but the header of a multipart',
    message: `Content-Type: multipart/report; boundary=r

--r
Content-Type: text/plain

x
--r
Content-Type: message/rfc822

Subject: x
Content-Type: multipart/mixed; boundary=inside

--r--
`,
    parts: ['TEXT multipart/report', '1 text/plain', '2 message/rfc822', '2.TEXT multipart/mixed'],
  },
  {
    name: 'header only',
    message: `Subject: x

`,
    parts: ['1'],
  },
  {
    name: 'a line of a mailbox file in front',
    message: `From a@b Mon Jan  1 00:00:00 2024
Subject: x

y
`,
    parts: ['1'],
  },
]

for (const { name, message, parts, marks = [] } of cases)
  for (const [lines, lineEnd] of [
    ['CRLF', '\r\n'],
    ['LF', '\n'],
  ] as const)
    test(`${name}, ${lines}`, () => {
      const inside = readInside(Buffer.from(message.replaceAll('\n', lineEnd)))
      assert.deepEqual(inside.ambiguities, [])
      assert.deepEqual(inside.limits, [])
      const found = inside.reading.parts.map(({ id, declaredType, fileNames }) =>
        `${id} ${declaredType} ${fileNames.join('|')}`.trim(),
      )
      assert.deepEqual(found, parts)
      assert.deepEqual(
        inside.marks.map(({ kind, part }) => `${kind} ${part ?? '-'}`),
        marks,
      )
    })
