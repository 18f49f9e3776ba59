/** Ordinary mail, as real user agents write it: read as it is meant, and never called ambiguous. */
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
    name: 'format=flowed text with dashes and words that look like structure',
    message: `From: a@b.c
To: x@y.z
Subject: =?utf-8?Q?H=C3=A4llo?=
 =?utf-8?Q?_World?=
Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes
Content-Transfer-Encoding: 8bit

-- 
Hello -- dashes
--
---------------------
-----Original Message-----
begin with this line
begin 644 is a phrase
Content-wise: nothing
end
`,
    parts: ['1 text/plain'],
  },
  {
    name: 'Gmail',
    message: `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="000000000000abc"

--000000000000abc
Content-Type: multipart/alternative; boundary="000000000000abd"

--000000000000abd
Content-Type: text/plain; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

Hi =E2=80=93 there=
 you=20

--000000000000abd
Content-Type: text/html; charset="UTF-8"

<div>Hi</div>

--000000000000abd--
--000000000000abc
Content-Type: application/pdf; name="Übung.pdf"
Content-Disposition: attachment; filename="Übung.pdf"
Content-Transfer-Encoding: base64
Content-ID: <f_1>
X-Attachment-Id: f_1

JVBERi0xLjQKJcfsj6IKNSAwIG9iago8PC9MZW5ndGggNiAwIFI+PgpzdHJlYW0=
--000000000000abc--
`,
    parts: [
      'TEXT multipart/mixed',
      '1 multipart/alternative',
      '1.1 text/plain',
      '1.2 text/html',
      '2 application/pdf Übung.pdf',
    ],
  },
  {
    name: 'Outlook with an image in the text',
    message: `MIME-Version: 1.0
Content-Type: multipart/related;
	boundary="_004_AM0PR01MB1234_";
	type="multipart/alternative"

--_004_AM0PR01MB1234_
Content-Type: multipart/alternative;
	boundary="_000_AM0PR01MB1234_"

--_000_AM0PR01MB1234_
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe
________________________________

--_000_AM0PR01MB1234_
Content-Type: text/html; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

<img src=3D"cid:image001.png@01D">

--_000_AM0PR01MB1234_--

--_004_AM0PR01MB1234_
Content-Type: image/png; name="image001.png"
Content-Description: image001.png
Content-Disposition: inline; filename="image001.png"; size=12;
	creation-date="Tue, 01 Jan 2024 10:00:00 GMT"
Content-ID: <image001.png@01D>
Content-Transfer-Encoding: base64

iVBORw0KGgo=

--_004_AM0PR01MB1234_--
`,
    parts: [
      'TEXT multipart/related',
      '1 multipart/alternative',
      '1.1 text/plain',
      '1.2 text/html',
      '2 image/png image001.png',
    ],
  },
  {
    name: 'Outlook with winmail.dat',
    message: `MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="----=_NextPart_000_0001_01D.ABC"
X-Mailer: Microsoft Outlook 16.0

This is a multipart message in MIME format.

------=_NextPart_000_0001_01D.ABC
Content-Type: text/plain;
	charset="us-ascii"
Content-Transfer-Encoding: 7bit

Hello

------=_NextPart_000_0001_01D.ABC
Content-Type: application/ms-tnef;
	name="winmail.dat"
Content-Transfer-Encoding: base64
Content-Disposition: attachment;
	filename="winmail.dat"

eJ8+IgEA
------=_NextPart_000_0001_01D.ABC--

`,
    parts: ['TEXT multipart/mixed', '1 text/plain', '2 application/ms-tnef winmail.dat'],
    marks: ['tnef 2'],
  },
  {
    name: 'Postfix delivery report',
    message: `Content-Type: multipart/report; report-type=delivery-status; boundary="b/1.2"

This is a MIME-encapsulated message.

--b/1.2
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

Sorry.

--b/1.2
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; x
Arrival-Date: y

Final-Recipient: rfc822; a@b

--b/1.2
Content-Description: Undelivered Message
Content-Type: message/rfc822

Return-Path: <a@b>
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain

x
--inner
Content-Type: text/html

<p>
--inner--

--b/1.2--
`,
    parts: [
      'TEXT multipart/report',
      '1 text/plain',
      '2 message/delivery-status',
      '3 message/rfc822',
      '3.TEXT multipart/alternative',
      '3.1 text/plain',
      '3.2 text/html',
    ],
  },
  {
    name: 'qmail bounce: the message it returns is plain text',
    message: `From: MAILER-DAEMON@x
Subject: failure notice

Hi. This is the qmail-send program.

--- Below this line is a copy of the message.

Return-Path: <a@b>
Received: (qmail 123 invoked); 1 Jan
Subject: test
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="xyz"

--xyz
Content-Type: text/plain

hello

--xyz
Content-Type: application/pdf; name=a.pdf
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--xyz--
`,
    parts: ['1', '1+1 application/pdf a.pdf'],
  },
  {
    name: 'mailing list around PGP/MIME, with a footer behind it all',
    message: `Content-Type: multipart/mixed; boundary="===============1234=="
MIME-Version: 1.0

--===============1234==
Content-Type: multipart/signed; micalg=pgp-sha256; protocol="application/pgp-signature"; boundary="sig"

--sig
Content-Type: text/plain

Hi
--sig
Content-Type: application/pgp-signature; name="signature.asc"
Content-Description: OpenPGP digital signature

-----BEGIN PGP SIGNATURE-----

iQEzBAEBCAAdFiEE
=abcd
-----END PGP SIGNATURE-----

--sig--

--===============1234==
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: 7bit
Content-Disposition: inline

_______________________________________________
list mailing list
--===============1234==--



Some footer
`,
    parts: [
      'TEXT multipart/mixed',
      '1 multipart/signed',
      '1.1 text/plain',
      '1.2 application/pgp-signature signature.asc',
      '2 text/plain',
    ],
    marks: ['pgp-signed 1'],
  },
  {
    name: 'S/MIME encrypted',
    message: `Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename=smime.p7m

MIIBAAAA
AAAA
`,
    parts: ['1 application/pkcs7-mime smime.p7m'],
    marks: ['smime-encrypted 1'],
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
