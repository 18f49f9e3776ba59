/** What machines say about mail: reports of delivery and reading, calendars, voice mail, faxes, cron, code. */
import { files } from './files.ts'
import { base64, type Draft, multipart, quotedPrintable, utf8 } from './pieces.ts'

const head = (from: string, subject: string): string =>
  `From: ${from}\nTo: bob@example.org\nSubject: ${subject}\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMessage-ID: <${subject.length}.r@example.test>\nMIME-Version: 1.0\n`

const sent = (type: string, body: string): string =>
  `Return-Path: <bob@example.org>\nReceived: by mail.example.org (Postfix, from userid 1000)\n\tid 4XyZ; Tue, 24 Nov 2026 10:00:00 +0000 (UTC)\nFrom: bob@example.org\nTo: nobody@example.test\nSubject: Hello\n${type}\n${body}`
const sentPlain = sent('', 'Hello\n')
const sentBoth = sent(
  'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="inner"\n',
  multipart('inner', ['Content-Type: text/plain\n\nHello', 'Content-Type: text/html\n\n<p>Hello</p>']),
)
const status =
  'Reporting-MTA: dns; mail.example.org\nX-Postfix-Queue-ID: 4XyZ\nX-Postfix-Sender: rfc822; bob@example.org\nArrival-Date: Tue, 24 Nov 2026 10:00:00 +0000 (UTC)\n\nFinal-Recipient: rfc822; nobody@example.test\nOriginal-Recipient: rfc822;nobody@example.test\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.example.test\nDiagnostic-Code: smtp; 550 5.1.1 <nobody@example.test>: Recipient address\n    rejected: User unknown\n'
const sorry =
  'This is the mail system at host mail.example.org.\n\n<nobody@example.test>: host mx.example.test said: 550 5.1.1\n'

const report = (type: string, boundary: string, entities: readonly string[], preamble = ''): string =>
  `Content-Type: multipart/report; report-type=${type};\n\tboundary="${boundary}"\n\n${multipart(boundary, entities, { preamble, gap: '\n' })}`

interface System {
  readonly name: string
  readonly boundary: string
  readonly preamble: string
  readonly from: string
}
const systems: readonly System[] = [
  {
    name: 'postfix',
    boundary: '4XyZ12345.1732442400/mail.example.org',
    preamble: 'This is a MIME-encapsulated message.\n\n',
    from: 'MAILER-DAEMON@example.org (Mail Delivery System)',
  },
  {
    name: 'sendmail',
    boundary: '4AO9xK2F012345.1732442400/mx.example.org',
    preamble: 'This is a MIME-encapsulated message\n\n',
    from: 'Mail Delivery Subsystem <MAILER-DAEMON>',
  },
  {
    name: 'exim',
    boundary: '1732442400-eximdsn-123456789',
    preamble: '',
    from: 'Mail Delivery System <Mailer-Daemon@example.org>',
  },
  {
    name: 'exchange',
    boundary: '_0c1d2e3f-4a5b-6c7d-8e9f-0a1b2c3d4e5f_',
    preamble: '',
    from: 'Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.org>',
  },
  {
    name: 'gmail',
    boundary: '000000000000aabbcc0628a1b2c3',
    preamble: '',
    from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.example>',
  },
]

function deliveryReports({ name, boundary, preamble, from }: System): Draft[] {
  const notice = `Content-Description: Notification\nContent-Type: text/plain; charset=us-ascii\n\n${sorry}`
  const delivery = `Content-Description: Delivery report\nContent-Type: message/delivery-status\n\n${status}`
  const mail = (what: string, entities: readonly string[]): Draft => [
    `${name}: ${what}`,
    `${head(from, 'Undelivered Mail Returned to Sender')}Auto-Submitted: auto-replied\n${report('delivery-status', boundary, entities, preamble)}`,
  ]
  return [
    mail('returned whole', [
      notice,
      delivery,
      `Content-Description: Undelivered Message\nContent-Type: message/rfc822\n\n${sentPlain}`,
    ]),
    mail('returned whole, in parts', [notice, delivery, `Content-Type: message/rfc822\n\n${sentBoth}`]),
    mail('headers returned', [
      notice,
      delivery,
      `Content-Type: text/rfc822-headers\n\n${sent('Content-Type: multipart/mixed; boundary="was"\nContent-Transfer-Encoding: 8bit\n', '')}`,
    ]),
    mail('headers returned as a message', [
      notice,
      delivery,
      'Content-Description: Undelivered Message Headers\nContent-Type: message/rfc822-headers\n\nFrom: bob@example.org\nSubject: Hello\nContent-Type: text/plain\n',
    ]),
    mail('nothing returned', [notice, delivery]),
    mail('with a page', [
      multipartText(`${boundary}a`),
      delivery,
      `Content-Type: message/rfc822\n\n${sentBoth}`,
    ]),
    mail('UTF-8', [
      `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${utf8('Tut mir leid, größe überschritten.\n')}`,
      `Content-Type: message/global-delivery-status\nContent-Transfer-Encoding: 8bit\n\n${status}`,
      `Content-Type: message/global\nContent-Transfer-Encoding: 8bit\n\n${sent(utf8('X-Name: Größe\n'), utf8('Grüße\n'))}`,
    ]),
  ]
}

const multipartText = (boundary: string): string =>
  `Content-Type: multipart/alternative; boundary="${boundary}"\n\n${multipart(boundary, ['Content-Type: text/plain; charset="us-ascii"\nContent-Transfer-Encoding: quoted-printable\n\nSorry', 'Content-Type: text/html; charset="us-ascii"\nContent-Transfer-Encoding: quoted-printable\n\n<p>Sorry</p>'], { behind: '' })}`

function readReports(): Draft[] {
  const read = (type: string): string =>
    `Content-Type: ${type}\nContent-Transfer-Encoding: 7bit\n\nReporting-UA: example.org; Thunderbird\nFinal-Recipient: rfc822;bob@example.org\nOriginal-Message-ID: <1@example.test>\nDisposition: manual-action/MDN-sent-manually; displayed\n`
  const said =
    'Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 7bit\n\nThe message was displayed.\n'
  const arf =
    'Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Example/1.0\nVersion: 1\n'
  return [
    [
      'read receipt',
      head('a@example.test', 'Return Receipt (displayed) - Hello') +
        report(
          'disposition-notification',
          '------------mdn1234',
          [
            said,
            read('message/disposition-notification; name="MDNPart2.txt"'),
            `Content-Type: text/rfc822-headers; name="MDNPart3.txt"\nContent-Disposition: inline\n\nFrom: a@example.test\nSubject: Hello\n`,
          ],
          'This is a multi-part message in MIME format.\n',
        ),
    ],
    [
      'read receipt of Exchange',
      head('a@example.test', 'Read: Hello') +
        report('disposition-notification', '_000_mdn_', [
          multipartText('_001_mdn_'),
          read('message/disposition-notification'),
        ]),
    ],
    [
      'complaint',
      head('a@example.test', 'FW: Hello') +
        report('feedback-report', 'part1_13d', [
          'Content-Type: text/plain\n\nA complaint.',
          arf,
          `Content-Type: message/rfc822\nContent-Disposition: inline\n\n${sentBoth}`,
        ]),
    ],
    [
      'DMARC report',
      `${head('dmarc@example.test', 'Report domain: example.org')}Content-Type: multipart/mixed; boundary="dm"\n\n${multipart('dm', ['Content-Type: text/plain\n\nA report.', `Content-Type: application/gzip; name="example.test!example.org!1!2.xml.gz"\nContent-Disposition: attachment; filename="example.test!example.org!1!2.xml.gz"\nContent-Transfer-Encoding: base64\n\n${base64(files.gz.content)}`])}`,
    ],
    [
      'DMARC report, a zip alone',
      `${head('dmarc@example.test', 'Report Domain: example.org Submitter: example.test')}Content-Type: application/zip; name="example.test!example.org!1!2.zip"\nContent-Disposition: attachment;\n filename="example.test!example.org!1!2.zip"\nContent-Transfer-Encoding: base64\n\n${base64(files.zip.content)}`,
    ],
    [
      'TLS report',
      head('tls@example.test', 'Report Domain: example.org') +
        report('"tlsrpt"', 'tls', [
          'Content-Type: text/plain\n\nA report.',
          `Content-Type: application/tlsrpt+gzip\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="a!b!1!2.json.gz"\n\n${base64(files.gz.content)}`,
        ]),
    ],
    [
      'qmail bounce',
      `From: MAILER-DAEMON@example.test\nTo: bob@example.org\nSubject: failure notice\n\nHi. This is the qmail-send program at example.test.\n\n<nobody@example.test>:\nSorry, no mailbox here by that name.\n\n--- Below this line is a copy of the message.\n\n${sentPlain}`,
    ],
    [
      'away',
      `${head('a@example.test', 'Automatic reply: Hello')}Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${base64('I am away.\n')}`,
    ],
  ]
}

const vcalendar = (method: string): string =>
  `BEGIN:VCALENDAR\nPRODID:-//Example//EN\nVERSION:2.0\nMETHOD:${method}\nBEGIN:VEVENT\nUID:1@example.test\nDTSTART:20261201T090000Z\nSUMMARY:Meeting\nDESCRIPTION:Agenda\\n________________________________\\n\nATTENDEE;CN=Bob;RSVP=TRUE:mailto:bob@example.org\nEND:VEVENT\nEND:VCALENDAR\n`

function calendars(): Draft[] {
  const texts = [
    'Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes\nContent-Transfer-Encoding: base64\n\nSGVsbG8=',
    'Content-Type: text/html; charset="UTF-8"\nContent-Transfer-Encoding: quoted-printable\n\n<p>Hello</p>',
  ]
  const inText = (method: string, encoding: string): string =>
    `Content-Type: text/calendar; charset="UTF-8"; method=${method}\nContent-Transfer-Encoding: ${encoding}\n\n${encoding === 'base64' ? base64(vcalendar(method).replaceAll('\n', '\r\n')) : encoding === '7bit' ? vcalendar(method) : quotedPrintable(vcalendar(method))}`
  const attached = (type: string): string =>
    `Content-Type: ${type}; name="invite.ics"\nContent-Disposition: attachment; filename="invite.ics"\nContent-Transfer-Encoding: base64\n\n${base64(vcalendar('REQUEST'))}`
  const methods = ['REQUEST', 'REPLY', 'CANCEL'] as const
  return [
    ...methods.flatMap((method): Draft[] => [
      [
        `calendar of Gmail, ${method}`,
        `${head('a@example.test', 'Invitation: Meeting')}Content-Type: multipart/mixed; boundary="0000000000001"\n\n${multipart('0000000000001', [`Content-Type: multipart/alternative; boundary="0000000000002"\n\n${multipart('0000000000002', [...texts, inText(method, '7bit')], { gap: '\n', behind: '' })}`, attached('application/ics')])}`,
      ],
      [
        `calendar of Exchange, ${method}`,
        `${head('a@example.test', 'Meeting')}Content-class: urn:content-classes:calendarmessage\nContent-Type: multipart/alternative;\n\tboundary="_000_cal_"\n\n${multipart('_000_cal_', [...texts, inText(method, 'base64')], { gap: '\n' })}`,
      ],
      [
        `calendar of Outlook alone, ${method}`,
        `${head('a@example.test', 'Meeting')}Content-class: urn:content-classes:calendarmessage\nContent-Type: text/calendar; method=${method};\n\tcharset="utf-8"; name="meeting.ics"\nContent-Transfer-Encoding: 8bit\nX-Microsoft-CDO-Busystatus: TENTATIVE\n\n${vcalendar(method)}`,
      ],
    ]),
    [
      'calendar of Apple',
      `${head('a@example.test', 'Meeting')}Content-Type: multipart/alternative;\n boundary="Apple-Mail=_cal"\n\n\n${multipart('Apple-Mail=_cal', [...texts, `Content-Type: multipart/mixed;\n boundary="Apple-Mail=_cal2"\n\n\n${multipart('Apple-Mail=_cal2', ['Content-Type: text/html\n\n<p>', `Content-Disposition: attachment;\n filename=iCal-20261124.ics\nContent-Type: text/calendar;\n x-unix-mode=0644;\n name="iCal-20261124.ics"\nContent-Transfer-Encoding: quoted-printable\n\n${quotedPrintable(vcalendar('REQUEST'))}`, 'Content-Type: text/html\n\n</p>'], { gap: '\n', behind: '' })}`], { gap: '\n' })}`,
    ],
    [
      'contact',
      `${head('a@example.test', 'Contact')}Content-Type: multipart/mixed; boundary=card\n\n${multipart('card', ['Content-Type: text/plain\n\nHere.', `Content-Type: text/x-vcard; charset=utf-8;\n name="ann.vcf"\nContent-Transfer-Encoding: 7bit\nContent-Disposition: attachment;\n filename="ann.vcf"\n\n${files.vcf.content.toString('latin1').replaceAll('\r', '')}`])}`,
    ],
  ]
}

function machines(): Draft[] {
  const one = (name: string, subject: string, type: string, fileName: string, content: Buffer): Draft => [
    name,
    `${head('phone@example.test', subject)}Content-Type: multipart/mixed; boundary="machine"\n\n${multipart('machine', ['Content-Type: text/plain; charset=ISO-8859-1\nContent-Transfer-Encoding: 8bit\n\nNew message.\n', `Content-Type: ${type}; name="${fileName}"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="${fileName}"\n\n${base64(content)}`])}`,
  ]
  const { wav, mp3, tiff, pdf, lockedPdf, jpeg } = files
  const plain = (name: string, subject: string, body: string, type = ''): Draft => [
    name,
    `From: root@example.test (Cron Daemon)\nTo: root@example.test\nSubject: ${subject}\nDate: Tue, 24 Nov 2026 10:00:00 +0000\n${type}\n${body}`,
  ]
  return [
    one('voice mail', '[PBX]: New message 1 in mailbox 100', 'audio/x-wav', 'msg0001.WAV', wav.content),
    one('voice mail, MP3', 'Voicemail from 100', 'audio/mpeg', '100 (1 min 2 sec).mp3', mp3.content),
    one('fax', 'Fax from +1 555 0100', 'image/tiff', 'fax_+15550100.tif', tiff.content),
    one('fax, PDF', 'Fax', 'application/octet-stream', 'FAX.PDF', pdf.content),
    one('scan', 'Scan from a Xerox', 'application/pdf', 'Scan_2026-11-24_10.00.00.pdf', pdf.content),
    one('payslip', 'Payslip', 'application/pdf', 'payslip.pdf', lockedPdf.content),
    one('photo of a phone', '', 'image/jpeg', 'IMG_0042.JPG', jpeg.content),
    one(
      'winmail.dat',
      'RTF',
      'application/ms-tnef',
      'winmail.dat',
      Buffer.from('eJ8+IgEAAQaQCAAEAAAAAAABAAEAAQeQBgAIAAAA5AQAAAAAAADoAA==', 'base64'),
    ),
    one(
      'octets of no known kind',
      'Data',
      'application/octet-stream',
      'data.bin',
      Buffer.from('010203fffe00112233445566778899', 'hex'),
    ),
    plain(
      'cron',
      'Cron <root@host> /usr/bin/backup --all',
      '/usr/bin/backup: 1: -- done\n--\n--all finished\nContent: 5 files\n',
      'Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\nX-Cron-Env: <SHELL=/bin/sh>\n',
    ),
    plain(
      'logwatch',
      'Logwatch for host',
      ' ################### Logwatch 7.9 #################### \n --------------------- pam_unix Begin ------------------------ \n\n ---------------------- pam_unix End ------------------------- \n',
      'Precedence: bulk\nX-Cron-Env: <LANG=C>\nContent-Type: text/plain; charset="iso-8859-1"\n',
    ),
    plain(
      'git patch',
      '[PATCH v2 1/2] mail: fix a thing',
      'Fix it.\n\nSigned-off-by: Ann <ann@example.test>\n---\n a.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\ndiff --git a/a.c b/a.c\nindex 1234567..89abcde 100644\n--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,3 @@\n /* x */\n--- i;\n+++ i;\n-- int old;\n \n-- \n2.47.0\n',
    ),
    plain(
      'git patch, attached',
      '[PATCH] attach',
      `This is a multi-part message in MIME format.\n${multipart('------------2.47.0', ['Content-Type: text/plain; charset=UTF-8; format=fixed\nContent-Transfer-Encoding: 8bit\n\n---\n a | 1 +', 'Content-Type: text/x-patch; name="0001-a.patch"\nContent-Transfer-Encoding: 8bit\nContent-Disposition: attachment; filename="0001-a.patch"\n\ndiff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+x\n'], { behind: '\n\n' })}`,
      'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="------------2.47.0"\n',
    ),
    plain(
      'bug tracker',
      'Bug#123456: mutt: -- breaks',
      'Package: mutt\nVersion: 2.2.12-0.1\nSeverity: normal\n\nContent-Type is not shown.\n\n-- Package-specific info:\nMutt 2.2.12\n\n-- System Information:\nDebian Release: 12\n\n-- no debconf information\n',
      'Content-Type: text/plain; charset="us-ascii"\nContent-Transfer-Encoding: 7bit\n',
    ),
    plain(
      'bug tracker closes',
      'Bug#123456 closed',
      multipart(
        '----------=_1732442400-12345-0',
        [
          'Content-Type: text/plain; charset=UTF-8\nContent-Disposition: inline\nContent-Transfer-Encoding: quoted-printable\n\nClosed.',
          `Content-Type: message/rfc822\nContent-Disposition: inline\nContent-Transfer-Encoding: 7bit\n\n${sentBoth}`,
          `Content-Type: message/rfc822\nContent-Disposition: inline\nContent-Transfer-Encoding: 7bit\n\n${sentPlain}`,
        ],
        { preamble: 'This is a multi-part message in MIME format...\n\n' },
      ),
      'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="----------=_1732442400-12345-0"\nX-Loop: owner@bugs.example.test\n',
    ),
    plain(
      'forge',
      '[example/project] Fix it (PR #12)',
      multipart(
        '--==_mimepart_6742f0a1b2c3d_1a2b3c4567890',
        [
          'Content-Type: text/plain;\n charset=UTF-8\nContent-Transfer-Encoding: 7bit\n\n@bob approved this.\n\n-- \nReply to this email directly',
          'Content-Type: text/html;\n charset=UTF-8\nContent-Transfer-Encoding: 7bit\n\n<p></p>',
        ],
        { preamble: '\n', gap: '\n' },
      ),
      'Mime-Version: 1.0\nContent-Type: multipart/alternative;\n boundary="--==_mimepart_6742f0a1b2c3d_1a2b3c4567890";\n charset=UTF-8\nContent-Transfer-Encoding: 7bit\nList-Archive: https://example.test/a\n',
    ),
  ]
}

export const reportMails = (): Draft[] => [
  ...systems.flatMap(deliveryReports),
  ...readReports(),
  ...calendars(),
  ...machines(),
]
