/** Mail as it is meant to be: every structure, encoding and way of naming that honest programs use. */
import { gzipSync } from 'node:zlib'
import { zip } from '../../support/file-builders.ts'
import {
  attached,
  binhex,
  closed,
  entity,
  folded,
  type MailCase,
  mail,
  mixed,
  note,
  octetsOf,
  quotedPrintable,
  raw,
  uuencode,
  yencode,
} from './builders.ts'

const text = 'Content-Type: text/plain; charset=utf-8'
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==',
  'base64',
)
const pdf = '%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer <</Root 1 0 R>>\n%%EOF\n'
const html = entity('Content-Type: text/html; charset=utf-8', '<p>Hello <b>Bob</b></p>')
const inner = mixed('inner', note, attached('figures.csv', 'month,sum\r\n10,42\r\n', 'text/csv'))
const nested = (depth: number): string =>
  depth === 0
    ? note
    : entity(`Content-Type: multipart/mixed; boundary="n${depth}"`, closed(`n${depth}`, nested(depth - 1)))

const texts: Readonly<Record<string, string>> = {
  'plain-7bit': mail('Content-Type: text/plain; charset=us-ascii', 'Hello,\n\nLunch at noon?\n'),
  'plain-8bit': mail(`${text}\nContent-Transfer-Encoding: 8bit`, raw('Grüße, 日本語\n')),
  'plain-quoted-printable': mail(
    `${text}\nContent-Transfer-Encoding: quoted-printable`,
    'Gr=C3=BC=C3=9Fe, a long=\n line\n',
  ),
  'plain-base64': mail(
    `${text}\nContent-Transfer-Encoding: base64`,
    `${folded(Buffer.from('Grüße\r\n'.repeat(20)).toString('base64'))}\n`,
  ),
  'plain-without-mime': 'From: a@example.test\nTo: b@example.test\nSubject: Hello\n\nHello.\n',
  'plain-flowed': mail(`${text}; format=flowed; delsp=yes`, 'One line \nthat flows on.\n'),
  'plain-dots': mail(text, '.\n..\n...three\n.hidden\n'),
  'plain-long-line': mail(text, `${'x'.repeat(5000)}\n`),
  'plain-without-last-line-end': mail(text, 'Hello'),
  'no-body': mail(text, ''),
  'header-only': 'From: a@example.test\nSubject: Hello\n',
  'header-folded': mail(
    `References: <1@example.test>\n <2@example.test>\n\t<3@example.test>\nContent-Type: text/plain;\n charset=us-ascii`,
    'Hello.\n',
  ),
  'header-encoded-words':
    'From: =?UTF-8?B?0JDQvdC90LA=?= <anna@example.test>\nSubject: =?ISO-8859-1?Q?Caf=E9?=\n =?UTF-8?Q?_au_lait?=\n\nHello.\n',
  'header-utf8': `From: ${raw('Jürgen')} <j@example.test>\nSubject: ${raw('Größe 日本')}\n\nHello.\n`,
  'header-received': mail(
    `Received: from a.example by b.example;\n Mon, 02 Nov 2026 09:30:00 +0000\n${text}`,
    'Hello.\n',
  ),
  'html-alone': mail('Content-Type: text/html; charset=utf-8', '<p>Hello</p>\n'),
  alternative: mail('Content-Type: multipart/alternative; boundary="alt"', closed('alt', note, html)),
  'mixed-pdf': mixed('b1', note, attached('paper.pdf', pdf, 'application/pdf; name="paper.pdf"')),
  'mixed-image': mixed('b1', note, attached('pixel.png', pixel, 'image/png')),
  'mixed-two-of-one-name': mixed('b1', note, attached('a.txt', 'one'), attached('a.txt', 'two')),
  'mixed-single-part': mixed('b1', note),
  'mixed-empty-part': mixed('b1', '\n', note),
  'mixed-part-without-header': mixed('b1', '\nJust text.'),
  'mixed-harmless-preamble': mail(
    'Content-Type: multipart/mixed; boundary=b1',
    `This is a multi-part message in MIME format.\n\n${closed('b1', note)}`,
  ),
  'mixed-harmless-epilogue': mail('Content-Type: multipart/mixed; boundary=b1', `${closed('b1', note)}\n`),
  'mixed-boundary-with-signs': mail(
    'Content-Type: multipart/mixed; boundary="=_(a)+b\'c,d/e:f?g"',
    closed("=_(a)+b'c,d/e:f?g", note),
  ),
  'mixed-longest-boundary': mixed('b'.repeat(70), note, attached('a.txt', 'text')),
  'mixed-blanks-behind-boundary': mail(
    'Content-Type: multipart/mixed; boundary=b1',
    `--b1 \t\n${note}\n--b1--  \n`,
  ),
  related: mail(
    'Content-Type: multipart/related; boundary="rel"; type="text/html"',
    closed(
      'rel',
      html,
      entity(
        'Content-Type: image/png\nContent-ID: <p@example.test>\nContent-Transfer-Encoding: base64',
        pixel.toString('base64'),
      ),
    ),
  ),
  'nested-five-deep': mixed('b1', nested(5)),
  digest: mail(
    'Content-Type: multipart/digest; boundary="dig"',
    closed('dig', '\nSubject: One\n\nFirst.', '\nSubject: Two\n\nSecond.'),
  ),
  report: mail(
    'Content-Type: multipart/report; report-type=delivery-status; boundary="rep"',
    closed(
      'rep',
      note,
      entity(
        'Content-Type: message/delivery-status',
        'Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; b@example.test\nAction: failed\nStatus: 5.1.1\n',
      ),
      entity('Content-Type: text/rfc822-headers', 'From: a@example.test\nSubject: Hello\n'),
    ),
  ),
  calendar: mail(
    'Content-Type: multipart/alternative; boundary="cal"',
    closed(
      'cal',
      note,
      entity(
        'Content-Type: text/calendar; method=REQUEST; charset=utf-8',
        'BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nEND:VCALENDAR',
      ),
    ),
  ),
  vcard: mixed(
    'b1',
    note,
    attached('ann.vcf', 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nEND:VCARD\r\n', 'text/vcard'),
  ),
  forwarded: mixed('outer', note, entity('Content-Type: message/rfc822', inner)),
  'forwarded-in-base64': mixed(
    'outer',
    note,
    entity(
      'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64',
      folded(octetsOf(inner).toString('base64')),
    ),
  ),
  'forwarded-as-file': mixed(
    'outer',
    note,
    attached('mail.eml', octetsOf(inner), 'application/octet-stream'),
  ),
  'forwarded-three-deep': mixed(
    'o1',
    entity('Content-Type: message/rfc822', mixed('o2', entity('Content-Type: message/rfc822', inner))),
  ),
  'message-is-body': mail('Content-Type: message/rfc822', inner),
  partial: mail(
    'Content-Type: message/partial; id="x@example.test"; number=1; total=3',
    'Subject: Hello\n\nThe first piece.\n',
  ),
  'external-body': mail(
    'Content-Type: message/external-body; access-type=URL; URL="https://example.test/x"',
    'Content-Type: text/plain\n\n',
  ),
  'smime-signed': mail(
    'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="sig"',
    closed(
      'sig',
      note,
      attached('smime.p7s', Buffer.from('3080', 'hex'), 'application/pkcs7-signature; name="smime.p7s"'),
    ),
  ),
  'smime-encrypted': mail(
    'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="smime.p7m"',
    `${Buffer.from('308006092a864886f70d010703a080', 'hex').toString('base64')}\n`,
  ),
  'pgp-signed': mail(
    'Content-Type: multipart/signed; protocol="application/pgp-signature"; micalg=pgp-sha256; boundary="sig"',
    closed(
      'sig',
      note,
      entity(
        'Content-Type: application/pgp-signature; name="signature.asc"',
        '-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----',
      ),
    ),
  ),
  'pgp-encrypted': mail(
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="enc"',
    closed(
      'enc',
      entity('Content-Type: application/pgp-encrypted', 'Version: 1'),
      entity(
        'Content-Type: application/octet-stream; name="encrypted.asc"',
        '-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----',
      ),
    ),
  ),
  'pgp-inline': mail(text, '-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n'),
  'dkim-signed': mail(
    `DKIM-Signature: v=1; a=rsa-sha256; d=example.test; s=mail; h=from; bh=AA==; b=AA==\n${text}`,
    'Hello.\n',
  ),
  'uuencoded-text': mail(text, `The file:\n\n${uuencode('notes.txt', Buffer.from('Just notes.\r\n'))}\n`),
  'yencoded-text': mail(
    text,
    `The file:\n\n${yencode('notes.txt', Buffer.from('Just notes, and more of them.'))}\n`,
  ),
  'binhex-text': mail(text, `${binhex('notes.txt', Buffer.from('Just notes.'))}\n`),
  'zip-of-text': mixed(
    'b1',
    note,
    attached(
      'notes.zip',
      zip({ name: 'notes/one.txt', content: 'one' }, { name: 'two.txt', content: 'two' }),
      'application/zip',
    ),
  ),
  'gzip-of-text': mixed('b1', note, attached('notes.txt.gz', gzipSync('notes'), 'application/gzip')),
  'name-rfc2231': mixed(
    'b1',
    note,
    entity(
      "Content-Type: text/plain\nContent-Disposition: attachment;\n filename*0*=UTF-8''Gr%C3%BC;\n filename*1*=%C3%9Fe;\n filename*2=.txt",
      'Hello.',
    ),
  ),
  'name-encoded-word': mixed(
    'b1',
    note,
    entity('Content-Type: text/plain; name="=?UTF-8?Q?Gr=C3=BC=C3=9Fe.txt?="', 'Hello.'),
  ),
  'name-utf8': mixed(
    'b1',
    note,
    entity(`Content-Disposition: attachment; filename="${raw('Grüße.txt')}"`, 'Hello.'),
  ),
  'name-none': mixed(
    'b1',
    note,
    entity('Content-Type: application/octet-stream\nContent-Disposition: attachment', 'Hello.'),
  ),
  'part-in-quoted-printable': mixed(
    'b1',
    entity(
      `${text}\nContent-Transfer-Encoding: quoted-printable`,
      quotedPrintable(Buffer.from('Grüße aus Köln')),
    ),
  ),
}

export const ordinaryCases: readonly MailCase[] = Object.entries(texts).map(([name, each]) => ({
  name,
  message: octetsOf(each),
}))
