/** Mail that is signed or encrypted: S/MIME and PGP, in all the ways in which programs write it. */
import { files } from './files.ts'
import { base64, type Draft, multipart, quotedPrintable } from './pieces.ts'

const head = (subject: string): string =>
  `From: ann@example.test\nTo: bob@example.org\nSubject: ${subject}\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n`
/** A ContentInfo of CMS (RFC 5652 §3) with the type at hand, and octets that stand for the rest. */
const cms = (kind: 2 | 3): Buffer =>
  Buffer.concat([
    Buffer.from(`3082012006092A864886F70D0107${kind === 2 ? '02' : '03'}A08201113082010D`, 'hex'),
    Buffer.alloc(269, 0x5a),
  ])
const armour = (what: string, lines = 3): string =>
  `-----BEGIN PGP ${what}-----\nVersion: GnuPG v2\nComment: -- none --\n\n${`hQEMA${'aB3/+'.repeat(11)}\n`.repeat(lines)}=aBcD\n-----END PGP ${what}-----\n`

const plain =
  'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nHello\n\n--=20\nAnn\n'
const both = `Content-Type: multipart/alternative;\n boundary="inside"\n\n${multipart('inside', ['Content-Type: text/plain\n\nHello', 'Content-Type: text/html\n\n<p>Hello</p>'])}`
const mixed = `Content-Type: multipart/mixed; boundary="inside-mixed"; protected-headers="v1"\nFrom: ann@example.test\nSubject: Hello\n\n${multipart('inside-mixed', [both, `Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=a.pdf\n\n${base64(files.pdf.content)}`], { gap: '\n' })}`
const bodies = [
  ['text', plain],
  ['two texts', both],
  ['text and a file', mixed],
  ['a message', `Content-Type: message/rfc822\n\n${head('Inside')}${both}`],
] as const

interface Writer {
  readonly name: string
  readonly boundary: string
  readonly preamble: string
  readonly gap: string
  readonly parameter: string
}
const writers: readonly Writer[] = [
  {
    name: 'Thunderbird',
    boundary: '------------ms050607080900010203040506',
    preamble: 'This is a cryptographically signed message in MIME format.\n\n',
    gap: '\n',
    parameter: '; ',
  },
  {
    name: 'Apple',
    boundary: 'Apple-Mail=_01234567-89AB-CDEF',
    preamble: '\n',
    gap: '\n',
    parameter: ';\n\t',
  },
  {
    name: 'Outlook',
    boundary: '----=_NextPart_000_0012_01D9',
    preamble: 'This is a multipart message in MIME format.\n\n',
    gap: '\n',
    parameter: ';\n\t',
  },
  {
    name: 'openssl',
    boundary: '----0123456789ABCDEF0123456789ABCDEF',
    preamble: 'This is an S/MIME signed message\n\n',
    gap: '\n',
    parameter: '; ',
  },
  { name: 'mutt', boundary: 'qDbXVdCdHGoSgWSk', preamble: '\n', gap: '', parameter: ';\n\t' },
]

const signedBy = (
  { boundary, preamble, gap, parameter }: Writer,
  protocol: string,
  micalg: string,
  body: string,
  signature: string,
): string =>
  `Content-Type: multipart/signed${parameter}protocol="${protocol}"${parameter}micalg=${micalg}${parameter}boundary="${boundary}"\n\n${multipart(boundary, [body, signature], { preamble, gap })}`

export function signedMails(): Draft[] {
  const drafts: Draft[] = []
  for (const writer of writers)
    for (const [what, body] of bodies) {
      const smime = `Content-Type: application/${writer.name === 'openssl' ? 'x-' : ''}pkcs7-signature; name="smime.p7s"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="smime.p7s"\nContent-Description: S/MIME Cryptographic Signature\n\n${base64(cms(2))}`
      const pgp = `Content-Type: application/pgp-signature; name="OpenPGP_signature.asc"\nContent-Description: OpenPGP digital signature\nContent-Disposition: attachment; filename="OpenPGP_signature.asc"\n\n${armour('SIGNATURE')}`
      const protocol = `application/${writer.name === 'openssl' ? 'x-' : ''}pkcs7-signature`
      drafts.push(
        [
          `S/MIME signed, ${writer.name}, ${what}`,
          head('Signed') + signedBy(writer, protocol, 'sha-256', body, smime),
        ],
        [
          `PGP signed, ${writer.name}, ${what}`,
          head('Signed') + signedBy(writer, 'application/pgp-signature', 'pgp-sha512', body, pgp),
        ],
      )
    }
  return [...drafts, ...wrapped(), ...pgpMails()]
}

function wrapped(): Draft[] {
  const kinds = [
    ['signed-data', 'smime.p7m', cms(2)],
    ['enveloped-data', 'smime.p7m', cms(3)],
    ['certs-only', 'smime.p7c', cms(2)],
    ['authEnveloped-data', 'smime.p7m', cms(3)],
  ] as const
  return [
    ...kinds.flatMap(([kind, name, content]): Draft[] => [
      [
        `S/MIME ${kind}`,
        `${head(kind)}Content-Type: application/pkcs7-mime; smime-type=${kind}; name="${name}"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="${name}"\nContent-Description: S/MIME\n\n${base64(content)}`,
      ],
      [
        `S/MIME ${kind}, older and folded`,
        `${head(kind)}Content-Type: application/x-pkcs7-mime;\n\tname=${name};\n\tsmime-type=${kind}\nContent-Disposition: attachment;\n\tfilename=${name}\nContent-Transfer-Encoding: base64\n\n${base64(content, 64)}\n`,
      ],
    ]),
    [
      'S/MIME encrypted, forwarded',
      `${head('Fwd')}Content-Type: multipart/mixed; boundary=f\n\n${multipart('f', [plain, `Content-Type: message/rfc822\n\n${head('x')}Content-Type: application/pkcs7-mime; name=smime.p7m; smime-type=enveloped-data\nContent-Transfer-Encoding: base64\n\n${base64(cms(3))}`])}`,
    ],
  ]
}

function pgpMails(): Draft[] {
  const encrypted = (boundary: string, preamble: string, name: string): string =>
    `Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";\n boundary="${boundary}"\n\n${multipart(boundary, ['Content-Type: application/pgp-encrypted\nContent-Description: PGP/MIME version identification\n\nVersion: 1\n', `Content-Type: application/octet-stream; name="${name}"\nContent-Description: OpenPGP encrypted message\nContent-Disposition: inline; filename="${name}"\n\n${armour('MESSAGE', 20)}`], { preamble, gap: '\n' })}`
  const quotedSignature = `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n\n- -- \nAnn\n- -----Original Message-----\n${armour('SIGNATURE')}`
  const text = (name: string, body: string): Draft => [
    name,
    `${head('PGP')}Content-Type: text/plain; charset=utf-8\n\n${body}`,
  ]
  return [
    [
      'PGP/MIME encrypted, Enigmail',
      head('...') +
        encrypted(
          'abcDEF123',
          'This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)\n',
          'encrypted.asc',
        ),
    ],
    ['PGP/MIME encrypted, mutt', head('...') + encrypted('qDbXVdCdHGoSgWSk', '\n', 'msg.asc')],
    [
      'PGP/MIME encrypted, Apple',
      head('Encrypted Message') +
        encrypted(
          'Apple-Mail=_7',
          'This is an OpenPGP/MIME encrypted message (RFC 2440 and 3156)\n',
          'encrypted.asc',
        ),
    ],
    [
      'PGP encrypted and a list footer',
      `${head('List')}Content-Type: multipart/mixed; boundary="===============99=="\n\n${multipart('===============99==', [encrypted('in', '', 'a.asc'), 'Content-Type: text/plain; charset="us-ascii"\nMIME-Version: 1.0\nContent-Transfer-Encoding: 7bit\nContent-Disposition: inline\n\n_______________________________________________\nlist'])}`,
    ],
    text('PGP signed text', quotedSignature),
    text('PGP encrypted text', armour('MESSAGE', 30)),
    text('PGP key in a text', `My key:\n\n${armour('PUBLIC KEY BLOCK', 12)}`),
    text('PGP text quoted', `> ${quotedSignature.replaceAll('\n', '\n> ')}\nYes.\n`),
    [
      'PGP signed text in quoted-printable',
      `${head('PGP')}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n${quotedPrintable(quotedSignature)}`,
    ],
    [
      'PGP of Symantec',
      `${head('PGP')}Content-Type: application/pgp; x-action=sign; format=text\nContent-Transfer-Encoding: 7bit\n\n${quotedSignature}`,
    ],
    [
      'file encrypted with PGP',
      `${head('PGP')}Content-Type: multipart/mixed; boundary=g\n\n${multipart('g', [plain, `Content-Type: application/pgp-encrypted; name="report.pdf.pgp"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="report.pdf.pgp"\n\n${base64(Buffer.from('8501 0C03'.replaceAll(' ', '') + 'a1b2c3d4'.repeat(40), 'hex'))}`])}`,
    ],
    [
      'key attached',
      `${head('PGP')}Content-Type: multipart/mixed; boundary=k\n\n${multipart('k', [plain, `Content-Type: application/pgp-keys; name="OpenPGP_0x0123456789ABCDEF.asc"\nContent-Disposition: attachment; filename="OpenPGP_0x0123456789ABCDEF.asc"\nContent-Transfer-Encoding: quoted-printable\n\n${quotedPrintable(armour('PUBLIC KEY BLOCK', 12))}`])}`,
    ],
  ]
}
