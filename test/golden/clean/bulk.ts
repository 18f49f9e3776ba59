/** Newsletters, receipts and other mail that services send to many. */
import { files, gif } from './files.ts'
import { base64, type Draft, digits, multipart, quotedPrintable, utf8, wordB, wordQ } from './pieces.ts'

const page = (words: number): string =>
  utf8(
    `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><head><meta charset="utf-8"><style type="text/css">@media only screen and (max-width:480px){.a{width:100%!important}}\n<!-- .b{color:#fff} --></style><!--[if mso]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head><body>${'<table role="presentation" width="100%"><tr><td style="padding:0 20px;color:#333333">Größe – sale =20 ½</td></tr></table>'.repeat(words)}<a href="https://click.example.test/f/a/bCdEf~~/AAQ~/RgRn?u=https%3A%2F%2Fexample.test&amp;x=y">Go</a><img src="https://open.example.test/o.gif?u=1" width="1" height="1" alt="" border="0"></body></html>`,
  )
const words = utf8(
  'View in browser: https://example.test/v?a=b&c=d\n\n** Größen **\n------------------------------------------------------------\n\n============================================================\nUnsubscribe: https://example.test/u/=20\n',
)
const calm = (text: string): string => quotedPrintable(text)

/** @param more header lines of the service */
function head(name: string, more: string): string {
  return `Return-Path: <bounces+${digits()}-ab12-bob=example.org@em.example.test>\nReceived: by mx.example.org with ESMTPS; Tue, 24 Nov 2026 10:00:00 +0000\nDKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.test;\n\th=content-type:from:mime-version:subject:list-unsubscribe:to;\n\ts=s1; bh=abc+/=; b=abc\n\tdef==\nFrom: ${wordQ(`Größe & Co ${name}`)} <news@em.example.test>\nTo: bob@example.org\nSubject: ${wordB(`🎉 Neu: ${name}`)}\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMessage-ID: <${digits()}.news@em.example.test>\nMIME-Version: 1.0\n${more}`
}

const list =
  'List-Unsubscribe: <https://u.example.test/u/1?x=y>,\n <mailto:u@example.test?subject=unsubscribe>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\nList-Id: news <1.news.example.test>\nPrecedence: bulk\nX-Auto-Response-Suppress: OOF, DR, RN, NRN\nFeedback-ID: 1:2:3:test\n'

const services: readonly {
  readonly name: string
  readonly more: string
  readonly boundary: string
  readonly preamble?: string
  readonly gap?: string
  readonly behind?: string
  readonly type: (boundary: string) => string
}[] = [
  {
    ...{ name: 'mailchimp', boundary: '_----------=_MCPart_1234567890', gap: '\n', behind: '' },
    ...{
      more: `X-Mailer: MailChimp Mailer - **CID1234**\nX-MC-User: abc\n${list}`,
      preamble: 'This is a multi-part message in MIME format\n\n',
    },
    type: (own) => `multipart/alternative; boundary="${own}"`,
  },
  {
    ...{
      name: 'sendgrid',
      boundary: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7',
      gap: '',
    },
    ...{
      more: `X-SG-EID: \n =?us-ascii?Q?u001=2EabcDEF=2F123+abc?=\n =?us-ascii?Q?def?=\nX-Entity-ID: u001.abc==\n${list}`,
    },
    type: (own) => `multipart/alternative; boundary=${own}`,
  },
  {
    ...{
      name: 'ses',
      boundary: '----=_Part_123_456.789',
      gap: '',
      more: `X-SES-Outgoing: 2026.11.24-192.0.2.1\n${list}`,
    },
    type: (own) => `multipart/alternative; \n\tboundary="${own}"`,
  },
  {
    ...{
      name: 'salesforce',
      boundary: 'aBcDeFg1h2=_?:',
      gap: '\n',
      more: `X-SFMC-Stack: 1\nX-CSA-Complaints: csa@example.test\n${list}`,
    },
    type: (own) => `multipart/alternative;\n\tboundary="${own}"`,
  },
  {
    ...{ name: 'hubspot', boundary: '----sinikael-?=_1-17324424000000.123456789', gap: '\n', more: list },
    ...{ preamble: '' },
    type: (own) => `multipart/alternative;\n boundary="${own}"`,
  },
  {
    ...{
      name: 'postmark',
      boundary: 'mk1-0123456789abcdef0123456789abcdef',
      gap: '\n',
      more: `X-PM-Message-Id: 1\nX-PM-Tag: a\n${list}`,
    },
    type: (own) => `multipart/alternative; boundary="${own}"`,
  },
  {
    ...{
      name: 'mailgun',
      boundary: '0123456789abcdef0123456789abcdef',
      gap: '\n',
      more: `X-Mailgun-Sid: WyI=\n${list}`,
      behind: '\n',
    },
    type: (own) => `multipart/alternative;\n boundary="${own}"`,
  },
  {
    ...{
      name: 'wordpress',
      boundary: 'b1_0123456789abcdef0123456789abcdef',
      gap: '\n',
      behind: '\n\n',
      preamble: 'This is a multi-part message in MIME format.\n',
    },
    ...{
      more: 'X-Mailer: PHPMailer 6.8.0 (https://github.com/PHPMailer/PHPMailer)\nList-Unsubscribe: <https://example.test>\n',
    },
    type: (own) => `multipart/alternative;\n boundary="${own}";\n charset=UTF-8`,
  },
  {
    ...{
      name: 'dotnet',
      boundary: '--boundary_0_01234567-89ab-cdef-0123-456789abcdef',
      gap: '\n',
      behind: '\n',
      more: list,
    },
    type: (own) => `multipart/alternative;\n boundary=${own}`,
  },
  {
    ...{
      name: 'swift',
      boundary: '_=_swift_1732442400_0123456789abcdef0123456789abcdef_=_',
      gap: '\n',
      behind: '\n\n',
      more: list,
    },
    preamble: '\n',
    type: (own) => `multipart/alternative;\n boundary="${own}"`,
  },
  {
    ...{ name: 'exacttarget', boundary: 'qwertyuiop;[]', gap: '\n', behind: '\n', more: list },
    type: (own) => `multipart/alternative; charset="utf-8"; boundary="${own}"`,
  },
]

const text = (type: string, octets: string, encoding = 'quoted-printable'): string =>
  `Content-Type: ${type}; charset="utf-8"\nContent-Transfer-Encoding: ${encoding}\n\n${encoding === 'base64' ? base64(octets).replace(/\n$/, '') : calm(octets)}`

const amp = utf8(
  '<!doctype html><html ⚡4email data-css-strict><head><meta charset="utf-8"><style amp4email-boilerplate>body{visibility:hidden}</style></head><body>Hello</body></html>',
)

const invite = files.ics.content.toString('latin1').replaceAll('\r', '')

export function bulkMails(): Draft[] {
  return services.flatMap(({ name, more, boundary, preamble = '', gap = '', behind = '\n', type }) => {
    const both = (count: number, encoding?: string) => [
      text('text/plain', words, encoding),
      text('text/html', page(count), encoding),
    ]
    const mail = (what: string, entities: readonly string[]): Draft => [
      `${name}: ${what}`,
      `${head(name, more)}Content-Type: ${type(boundary)}\n\n${multipart(boundary, entities, { preamble, gap, behind })}`,
    ]
    const [plain = '', rich = ''] = both(3)
    return [
      mail('newsletter', both(2)),
      mail('long newsletter', both(400)),
      mail('newsletter in base64', both(40, 'base64')),
      mail('AMP', [
        plain,
        `Content-Type: text/x-amp-html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n${calm(amp)}`,
        rich,
      ]),
      mail('booking with a date', [
        plain,
        rich,
        `Content-Type: text/calendar; charset=utf-8; method=REQUEST\nContent-Transfer-Encoding: 7bit\n\n${invite}`,
      ]),
      [
        `${name}: page alone`,
        `${head(name, more)}Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n${calm(page(30))}\n`,
      ],
      [
        `${name}: receipt`,
        `${head(name, more)}Content-Type: ${type(`${boundary}m`).replace('alternative', 'mixed')}\n\n${multipart(
          `${boundary}m`,
          [
            `Content-Type: ${type(boundary)}\n\n${multipart(boundary, both(4), { gap, behind: '' })}`,
            `Content-Type: application/pdf; name=receipt.pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=receipt.pdf\n\n${base64(files.pdf.content)}`,
            `Content-Type: image/gif\nContent-ID: <logo>\nContent-Disposition: inline\nContent-Transfer-Encoding: base64\n\n${base64(gif)}`,
          ],
          { preamble, gap, behind },
        )}`,
      ],
    ]
  })
}
